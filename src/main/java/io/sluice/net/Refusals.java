package io.sluice.net;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.ArrayDeque;

/**
 * Answers requests whose body nobody wants. Confined to one event loop.
 *
 * <p>A connection is closed only after the client had a chance to read the answer: closed at once,
 * with bytes of the body still arriving, it would be reset and the answer lost (RFC 9112 section
 * 9.6). What arrives meanwhile is read and thrown away, but slowly, however many are refused at
 * once: it takes time from those whose bodies are wanted.
 */
public final class Refusals {
  private static final long LINGER_MILLIS = 1000;
  private static final long SMALL_BODY = 64 << 10;

  /** How often unwanted bytes are read. */
  private static final long PACE_MILLIS = 5;

  /** Reads at a time, over all connections; one brings 8 KiB at most. */
  private static final int READS = 8;

  private final Vertx vertx;
  private final ArrayDeque<Unwanted> unwanted = new ArrayDeque<>();
  private boolean reading;

  /** None yet. */
  public Refusals(Vertx vertx) {
    this.vertx = vertx;
  }

  /** A body that is read to its end, or until the connection is closed. */
  private final class Unwanted {
    final HttpServerRequest request;
    final long timer;
    boolean asked;
    private boolean over;

    Unwanted(HttpServerRequest request, boolean ended) {
      this.request = request;
      this.timer = vertx.setTimer(LINGER_MILLIS, late -> close());
      this.over = ended;
      if (!ended) {
        request.pause();
        request.exceptionHandler(gone -> over());
        request.handler(bytes -> asked = false);
        request.endHandler(end -> close());
      }
    }

    void read() {
      if (!asked) {
        asked = true;
        request.fetch(1);
      }
    }

    private void over() {
      if (!over) {
        over = true;
        // What Vert.x holds back of the body is let go of only when it flows.
        request.handler(null).resume();
      }
      vertx.cancelTimer(timer);
    }

    private void close() {
      over();
      request.connection().close();
    }
  }

  /**
   * Answers with a problem, and closes the connection where the problem asks for it or more is
   * still to come than is worth reading.
   *
   * @return completes when the answer is handed to the network
   */
  public Future<Void> answer(HttpServerRequest request, Problem problem, String requestId) {
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
    if (close) {
      unwanted.add(new Unwanted(request, ended));
      read();
    } else {
      request.resume();
    }
    return flushed;
  }

  /** Reads a little of each in turn, for as long as there are any. */
  private void read() {
    if (!reading && !unwanted.isEmpty()) {
      reading = true;
      vertx.setTimer(
          PACE_MILLIS,
          next -> {
            reading = false;
            for (int i = Math.min(READS, unwanted.size()); i > 0; i--) {
              Unwanted body = unwanted.remove();
              if (!body.over) {
                unwanted.add(body);
                body.read();
              }
            }
            read();
          });
    }
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
