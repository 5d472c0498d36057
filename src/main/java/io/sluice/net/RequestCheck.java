package io.sluice.net;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rules of RFC 9110 and 9112 for the head of a request that Vert.x leaves to the application.
 */
final class RequestCheck {
  static final int MAX_HEADERS = 100;

  private static final Set<HttpMethod> KNOWN =
      Set.of(
          HttpMethod.GET,
          HttpMethod.HEAD,
          HttpMethod.POST,
          HttpMethod.PUT,
          HttpMethod.PATCH,
          HttpMethod.DELETE,
          HttpMethod.OPTIONS,
          HttpMethod.TRACE,
          HttpMethod.CONNECT);

  private RequestCheck() {}

  /** What is wrong with the head, if anything. */
  static @Nullable Problem of(HttpServerRequest request) {
    HttpVersion version = request.version();
    if (version == null) {
      return Problem.of(505, "http-version", "Only HTTP/1.0, HTTP/1.1 and HTTP/2 are spoken here.")
          .closing();
    }
    int headers = 0;
    int hosts = 0;
    boolean nameless = false;
    String host = "";
    String transfer = null;
    String expect = null;
    for (Map.Entry<String, String> header : request.headers()) {
      headers++;
      String name = header.getKey();
      switch (name.length()) {
        case 0 -> nameless = true;
        case 4 -> {
          if (name.equalsIgnoreCase("host")) {
            hosts++;
            host = header.getValue();
          }
        }
        case 6 -> {
          if (name.equalsIgnoreCase("expect")) {
            expect = header.getValue();
          }
        }
        case 17 -> {
          if (name.equalsIgnoreCase("transfer-encoding")) {
            transfer = transfer == null ? header.getValue() : transfer + "," + header.getValue();
          }
        }
        default -> {}
      }
    }
    if (nameless) {
      return Problem.of(400, "malformed", "A header line has no name.").closing();
    }
    if (headers > MAX_HEADERS) {
      return Problem.of(431, "too-many-headers", "More than " + MAX_HEADERS + " header lines.")
          .closing();
    }
    if (version != HttpVersion.HTTP_2) {
      Problem framing = http1(request, version, hosts, host, transfer);
      if (framing != null) {
        return framing;
      }
    }
    if (expect != null && !expect.equalsIgnoreCase("100-continue")) {
      return Problem.of(417, "expectation", "Only the expectation 100-continue can be met.");
    }
    if (!KNOWN.contains(request.method())) {
      return Problem.of(501, "method-unknown", "No such method is known here.");
    }
    if (request.method().equals(HttpMethod.CONNECT)) {
      return Problem.of(405, "method-not-allowed", "This is no proxy.")
          .with(HttpHeaders.ALLOW, "POST");
    }
    return null;
  }

  private static @Nullable Problem http1(
      HttpServerRequest request,
      HttpVersion version,
      int hosts,
      String host,
      @Nullable String transfer) {
    if (hosts == 0 && version == HttpVersion.HTTP_1_1) {
      return Problem.of(400, "host-missing", "A request of HTTP/1.1 has a Host header.").closing();
    }
    if (hosts > 1) {
      return Problem.of(400, "host-repeated", "A request has one Host header.").closing();
    }
    if (!hostLike(host)) {
      return Problem.of(400, "host-invalid", "The Host header is no host.").closing();
    }
    if (transfer != null) {
      if (!transfer.equalsIgnoreCase("chunked")) {
        return Problem.of(501, "transfer-encoding", "The only transfer coding here is chunked.")
            .closing();
      }
      if (version == HttpVersion.HTTP_1_0) {
        return Problem.of(400, "transfer-encoding", "HTTP/1.0 has no transfer codings.").closing();
      }
    }
    return target(request.method(), request.uri(), host);
  }

  /** The forms of RFC 9112 section 3.2. */
  private static @Nullable Problem target(HttpMethod method, String uri, String host) {
    if (uri.startsWith("/") || method.equals(HttpMethod.CONNECT)) {
      return null;
    }
    if (uri.indexOf("://") > 0) {
      return authority(uri).equals(authority("//" + host))
          ? null
          : Problem.of(
                  400,
                  "host-mismatch",
                  "The target's authority and the Host header are not the same.")
              .closing();
    }
    return uri.equals("*") && method.equals(HttpMethod.OPTIONS)
        ? null
        : Problem.of(400, "target-malformed", "The target is neither a path nor a URI.").closing();
  }

  /** Whether nothing stands in a Host header that ends or splits one. */
  private static boolean hostLike(String host) {
    for (int i = 0; i < host.length(); i++) {
      char c = host.charAt(i);
      if (c <= ' ' || c >= 0x7F || c == '/' || c == '?' || c == '#' || c == '@' || c == ',') {
        return false;
      }
    }
    int colon = host.indexOf(':', host.lastIndexOf(']') + 1);
    return colon < 0 || host.chars().skip(colon + 1).allMatch(c -> c >= '0' && c <= '9');
  }

  /** The authority of an absolute URI, in lower case; empty for any other. */
  private static String authority(String uri) {
    int slashes = uri.indexOf("//");
    if (slashes < 0) {
      return "";
    }
    int end = slashes + 2;
    while (end < uri.length() && "/?#".indexOf(uri.charAt(end)) < 0) {
      end++;
    }
    return uri.substring(slashes + 2, end).toLowerCase(Locale.ROOT);
  }

  /** Whether this is a browser asking if a page of another origin may send something here. */
  static boolean preflight(HttpServerRequest request) {
    return request.method().equals(HttpMethod.OPTIONS)
        && request.headers().contains(HttpHeaders.ORIGIN)
        && request.headers().contains(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD);
  }
}
