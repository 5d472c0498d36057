package io.sluice.net;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

/**
 * Answers requests whose body nobody wants.
 *
 * <p>A connection is closed only after the client had a chance to read the answer: closed at once,
 * with bytes of the body still arriving, it would be reset and the answer lost (RFC 9112 section
 * 9.6).
 */
public final class Refusals {
  private static final long LINGER_MILLIS = 1000;
  private static final long SMALL_BODY = 64 << 10;

  private Refusals() {}

  /**
   * Answers with a problem, and closes the connection where the problem asks for it or more is
   * still to come than is worth reading.
   *
   * @return completes when the answer is handed to the network
   */
  public static Future<Void> answer(
      Vertx vertx, HttpServerRequest request, Problem problem, String requestId) {
    boolean http2 = request.version() == HttpVersion.HTTP_2;
    boolean ended = request.isEnded();
    boolean close = problem.close() || (!http2 && !ended && unwanted(request));
    Future<Void> flushed = Answers.problem(request, close ? problem.closing() : problem, requestId);
    if (!close && ended) {
      return flushed;
    }
    request.exceptionHandler(gone -> {});
    request.handler(null);
    if (http2) {
      return flushed.onComplete(done -> request.response().reset(0));
    }
    request.resume();
    if (close) {
      long timer = vertx.setTimer(LINGER_MILLIS, late -> request.connection().close());
      request.endHandler(
          end -> {
            vertx.cancelTimer(timer);
            request.connection().close();
          });
    }
    return flushed;
  }

  private static boolean unwanted(HttpServerRequest request) {
    String length = request.getHeader("content-length");
    if (length == null) {
      return request.headers().contains("transfer-encoding");
    }
    return length.length() > 6
        || Long.parseLong(length) > SMALL_BODY
        || request.headers().contains("expect");
  }
}
