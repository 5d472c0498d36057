package io.sluice.source.poll.http;

import io.sluice.codec.Coding;
import io.sluice.connector.Cursor;
import io.sluice.connector.PollException;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes the requests of a poll. Confined to its event loop. */
final class Requests {
  static final String AGENT = "sluice";

  private static final String JSON = "application/json, application/*+json;q=0.9";
  private static final String LINES = "application/x-ndjson, application/ndjson, application/jsonl";

  private final HttpPollConfig config;
  private final @Nullable Tokens tokens;

  Requests(HttpPollConfig config, @Nullable Tokens tokens) {
    this.config = config;
    this.tokens = tokens;
  }

  /** What stands for the cursor in requests. */
  String cursor(Cursor at) {
    return at.part(Parts.CURSOR).or(() -> config.cursor().flatMap(CursorAt::initial)).orElse("");
  }

  /** The first URL that is asked. */
  URI first(Cursor at) {
    return config.url().url(cursor(at));
  }

  /** Whether a 401 may be due to a token that was given out long ago; it is not used again. */
  boolean renew() {
    boolean known = tokens != null && tokens.known();
    if (tokens != null) {
      tokens.forget();
    }
    return known;
  }

  /**
   * A request for one page.
   *
   * @param conditional whether the validators in the cursor go along
   * @return fails with {@link PollException} when the cursor does not fit a header, or there is no
   *     token
   */
  Future<Ask> ask(URI url, Cursor at, boolean conditional, Runnable alive) {
    MultiMap headers =
        MultiMap.caseInsensitiveMultiMap()
            .set("user-agent", AGENT)
            .set("accept", accept())
            .set(
                "accept-encoding",
                Coding.offered().stream().map(Coding::word).collect(Collectors.joining(", ")));
    if (config.body().isPresent()) {
      headers.set("content-type", "application/json");
    }
    String cursor = cursor(at);
    for (var each : config.headers().entrySet()) {
      String value = HttpPollConfig.template(each.getValue()).header(cursor);
      if (!HeaderText.value(value)) {
        return Future.failedFuture(
            PollException.lasting(
                "cursor-unfit", "the cursor has characters that cannot stand in a header"));
      }
      headers.set(each.getKey(), value);
    }
    if (conditional) {
      at.part(Parts.ETAG).ifPresent(tag -> headers.set("if-none-match", tag));
      at.part(Parts.MODIFIED).ifPresent(date -> headers.set("if-modified-since", date));
    }
    Optional<Buffer> body = config.body().map(text -> Buffer.buffer(text.body(cursor)));
    return authorization(alive)
        .map(
            proof -> {
              proof.ifPresent(value -> headers.set("authorization", value));
              return new Ask(HttpMethod.valueOf(config.method()), url, headers, body);
            });
  }

  private String accept() {
    boolean lines = config.records().map(RecordsAt::lines).orElse(false);
    String usual =
        lines
            ? LINES + ", text/plain;q=0.5"
            : config.records().isPresent() ? JSON : JSON + ", " + LINES;
    return String.join(", ", config.accept()) + (config.accept().isEmpty() ? "" : ", ") + usual;
  }

  private Future<Optional<String>> authorization(Runnable alive) {
    if (config.auth().isEmpty()) {
      return Future.succeededFuture(Optional.empty());
    }
    return config
        .auth()
        .get()
        .fold(
            new Credentials.Cases<Future<String>>() {
              @Override
              public Future<String> basic(Credentials.Basic auth) {
                return Future.succeededFuture(
                    Requests.basic(auth.user(), auth.password().reveal()));
              }

              @Override
              public Future<String> bearer(Credentials.Bearer auth) {
                return Future.succeededFuture("Bearer " + auth.token().reveal());
              }

              @Override
              public Future<String> oauth2(Credentials.Oauth2 auth) {
                return tokens == null
                    ? Future.failedFuture(new IllegalStateException("no tokens"))
                    : tokens.token(alive).map(token -> "Bearer " + token);
              }
            })
        .map(Optional::of);
  }

  static String basic(String user, String password) {
    byte[] both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(both);
  }

  /** How the body of an answer of some media type is read. */
  enum Form {
    JSON,
    JSON_LINES,
    LINES,
    NONE
  }

  /** How to read a body, by what the operator and its content type say. */
  Form form(String mediaType) {
    boolean json = mediaType.equals("application/json") || mediaType.endsWith("+json");
    boolean lines =
        List.of("application/x-ndjson", "application/ndjson", "application/jsonl")
            .contains(mediaType);
    boolean further = config.accept().contains(mediaType.toLowerCase(Locale.ROOT));
    if (config.records().map(RecordsAt::lines).orElse(false)) {
      return lines || json
          ? Form.JSON_LINES
          : further || mediaType.equals("text/plain") ? Form.LINES : Form.NONE;
    }
    if (config.records().isEmpty() && lines) {
      return Form.JSON_LINES;
    }
    return json || further ? Form.JSON : Form.NONE;
  }
}
