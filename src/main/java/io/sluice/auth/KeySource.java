package io.sluice.auth;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.time.Duration;

/** Where the keys of an issuer are. */
interface KeySource {
  /** Reads them, without blocking the caller. */
  Future<Buffer> read();

  /** How often to look whether they are still the same. */
  Duration every();

  /** Whether they are read again when somebody shows a token of an unknown key. */
  boolean asksWhenMissed();

  /** Lets go of what reading needs. */
  Future<Void> close();

  /** A file on this machine. */
  record InFile(Vertx vertx, String path) implements KeySource {
    private static final Duration EVERY = Duration.ofSeconds(2);

    @Override
    public Future<Buffer> read() {
      return vertx.fileSystem().readFile(path);
    }

    @Override
    public Duration every() {
      return EVERY;
    }

    @Override
    public boolean asksWhenMissed() {
      return false;
    }

    @Override
    public Future<Void> close() {
      return Future.succeededFuture();
    }
  }

  /** An HTTP resource. Redirects are not followed, and certificates are checked. */
  record ByUrl(HttpClient client, String url, Duration every) implements KeySource {
    private static final long WITHIN_MILLIS = 5000;

    static ByUrl of(Vertx vertx, String url, Duration every) {
      HttpClientOptions options =
          new HttpClientOptions().setConnectTimeout((int) WITHIN_MILLIS).setKeepAlive(false);
      return new ByUrl(vertx.createHttpClient(options), url, every);
    }

    @Override
    public Future<Buffer> read() {
      RequestOptions request =
          new RequestOptions()
              .setMethod(HttpMethod.GET)
              .setAbsoluteURI(url)
              .setTimeout(WITHIN_MILLIS)
              .putHeader("accept", "application/jwk-set+json, application/json");
      return client.request(request).compose(open -> open.send().compose(ByUrl::body));
    }

    private static Future<Buffer> body(HttpClientResponse response) {
      // A reset of ours is no news.
      response.exceptionHandler(reset -> {});
      if (response.statusCode() != 200) {
        response.request().reset();
        return Future.failedFuture(new IOException("answered " + response.statusCode()));
      }
      Buffer all = Buffer.buffer();
      return response
          .handler(
              chunk -> {
                all.appendBuffer(chunk);
                if (all.length() > Jwks.MAX_BYTES) {
                  response.request().reset();
                }
              })
          .end()
          .map(all);
    }

    @Override
    public boolean asksWhenMissed() {
      return true;
    }

    @Override
    public Future<Void> close() {
      return client.close();
    }
  }
}
