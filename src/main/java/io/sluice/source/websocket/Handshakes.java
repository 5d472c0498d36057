package io.sluice.source.websocket;

import io.sluice.auth.Verdict;
import io.sluice.net.Problem;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Opening handshakes as RFC 6455 section 4.2 has them. Immutable. */
final class Handshakes {
  /** The subprotocol with receipts. */
  static final String SLUICE_V1 = "sluice.v1";

  /** The subprotocol of the WebSockets binding of CloudEvents, section 1.5. */
  static final String CLOUDEVENTS_JSON = "cloudevents.json";

  private static final CharSequence VERSION = HttpHeaders.createOptimized("sec-websocket-version");
  private static final CharSequence KEY = HttpHeaders.createOptimized("sec-websocket-key");
  private static final CharSequence ACCEPT = HttpHeaders.createOptimized("sec-websocket-accept");
  private static final CharSequence PROTOCOL =
      HttpHeaders.createOptimized("sec-websocket-protocol");
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final Problem METHOD =
      Problem.of(405, "method-not-allowed", "A WebSocket is opened with GET.")
          .with(HttpHeaders.ALLOW, "GET");
  private static final Problem SESSION =
      Problem.of(400, "session-invalid", "No such session was ever given out here.");

  private final Set<String> origins;

  Handshakes(List<String> origins) {
    this.origins = Set.copyOf(origins);
  }

  /** The answer to a request that wants no WebSocket. */
  static Problem plain(HttpServerRequest request) {
    if (!HttpMethod.GET.equals(request.method())) {
      return METHOD;
    }
    Problem problem =
        Problem.of(426, "upgrade-required", "A WebSocket of HTTP/1.1 is spoken here.");
    return request.version() == io.vertx.core.http.HttpVersion.HTTP_2
        ? problem
        : problem.with(HttpHeaders.UPGRADE, "websocket");
  }

  /** What is wrong with a handshake, if anything; not who sent it. */
  @Nullable Problem check(HttpServerRequest request) {
    MultiMap headers = request.headers();
    if (!HttpMethod.GET.equals(request.method())) {
      return METHOD;
    }
    if (!"13".equals(headers.get(VERSION))) {
      return Problem.of(426, "websocket-version", "Version 13 of WebSocket is spoken here.")
          .with(VERSION, "13");
    }
    if (!lists(headers, HttpHeaders.CONNECTION, "upgrade") || !keyLike(headers.get(KEY))) {
      return Problem.of(400, "handshake-malformed", "This is not how a WebSocket is opened.");
    }
    String length = headers.get(HttpHeaders.CONTENT_LENGTH);
    if (headers.contains(HttpHeaders.TRANSFER_ENCODING)
        || (length != null && !length.equals("0"))) {
      return Problem.of(400, "handshake-malformed", "A handshake has no body.").closing();
    }
    String origin = headers.get(HttpHeaders.ORIGIN);
    if (origin != null && !welcome(origin, headers.get(HttpHeaders.HOST))) {
      return Problem.of(403, "origin", "Pages of this origin may not connect.");
    }
    String session = session(request);
    return session == null || (Session.plausible(session) && numbered(request)) ? null : SESSION;
  }

  /** The session that is to go on; something implausible where the query is not well encoded. */
  static @Nullable String session(HttpServerRequest request) {
    try {
      return request.getParam("session");
    } catch (IllegalArgumentException malformed) {
      return "";
    }
  }

  static Problem denied(Verdict.Denied no) {
    return new Problem(no.status(), no.code(), no.detail(), no.headers(), Map.of(), false);
  }

  static Problem draining() {
    return Problem.of(503, "draining", "This part of the gateway is shutting down.")
        .with(HttpHeaders.RETRY_AFTER, "1")
        .closing();
  }

  /** Whether the client wants receipts. */
  static boolean numbered(HttpServerRequest request) {
    return lists(request.headers(), PROTOCOL, SLUICE_V1);
  }

  /**
   * Says yes, as far as headers go.
   *
   * @param cloudEvents whether messages are CloudEvents in JSON
   */
  static void confirm(HttpServerRequest request, boolean cloudEvents) {
    MultiMap answer = request.response().headers();
    answer.set(HttpHeaders.UPGRADE, "websocket");
    answer.set(HttpHeaders.CONNECTION, "Upgrade");
    answer.set(ACCEPT, accept(String.valueOf(request.getHeader(KEY))));
    if (numbered(request)) {
      answer.set(PROTOCOL, SLUICE_V1);
    } else if (cloudEvents && lists(request.headers(), PROTOCOL, CLOUDEVENTS_JSON)) {
      answer.set(PROTOCOL, CLOUDEVENTS_JSON);
    }
  }

  static String accept(String key) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1")
              .digest((key.strip() + GUID).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JVM has SHA-1", impossible);
    }
  }

  private boolean welcome(String origin, @Nullable String host) {
    String name = origin.toLowerCase(Locale.ROOT);
    int slashes = name.indexOf("//");
    boolean own =
        host != null
            && slashes > 0
            && name.substring(slashes + 2).equals(host.toLowerCase(Locale.ROOT));
    return own || origins.contains("*") || origins.contains(name);
  }

  private static boolean keyLike(@Nullable String key) {
    try {
      return key != null && Base64.getDecoder().decode(key.strip()).length == 16;
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
  }

  private static boolean lists(MultiMap headers, CharSequence name, String word) {
    for (String header : headers.getAll(name)) {
      for (String element : header.split(",", -1)) {
        if (element.strip().equalsIgnoreCase(word)) {
          return true;
        }
      }
    }
    return false;
  }
}
