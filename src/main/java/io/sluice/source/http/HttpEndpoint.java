package io.sluice.source.http;

import io.sluice.net.Endpoint;
import io.sluice.net.Problem;
import io.sluice.net.ProblemException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP source on one event loop, with an inlet of its own. Reads the heads of requests, begins
 * an exchange for each that may go on, and watches their deadlines with one timer for all.
 */
final class HttpEndpoint implements Endpoint {
  private static final long SLOWEST_SWEEP_MILLIS = 250;

  private final Desk desk;
  private final RequestHead.Reader heads;
  private final long sweepMillis;
  private long sweeper = -1;
  private @Nullable Promise<Void> drained;

  HttpEndpoint(Desk desk) {
    this.desk = desk;
    this.heads = new RequestHead.Reader(desk.config(), desk.guard());
    this.sweepMillis = sweepMillis(desk.config());
  }

  private static long sweepMillis(HttpSourceConfig config) {
    Duration shortest = config.answerWithin();
    for (Duration other : new Duration[] {config.bodyWithin(), config.flushWithin()}) {
      shortest = shortest.compareTo(other) <= 0 ? shortest : other;
    }
    return Math.max(5, Math.min(SLOWEST_SWEEP_MILLIS, shortest.toMillis() / 4));
  }

  @Override
  public void handle(HttpServerRequest request) {
    if (drained != null) {
      refuse(request, Problems.draining());
      return;
    }
    RequestHead head;
    try {
      head = heads.read(request);
    } catch (ProblemException refused) {
      refuse(request, refused.problem());
      return;
    }
    new Exchange(desk, request, head, this::over).begin();
    if (sweeper < 0) {
      sweeper = desk.vertx().setPeriodic(sweepMillis, timer -> sweep());
    }
  }

  private void refuse(HttpServerRequest request, Problem problem) {
    desk.telemetry().refused(problem.code());
    desk.refusals().answer(request, problem, desk.ids().next());
  }

  /** Looks at deadlines for as long as there are any; an endpoint at rest costs nothing. */
  private void sweep() {
    if (desk.open().isEmpty()) {
      rest();
      return;
    }
    long now = System.nanoTime();
    for (Exchange exchange : desk.open().toArray(new Exchange[0])) {
      exchange.check(now);
    }
  }

  private void rest() {
    if (sweeper >= 0) {
      desk.vertx().cancelTimer(sweeper);
      sweeper = -1;
    }
  }

  private void over() {
    Promise<Void> waiting = drained;
    if (waiting != null && desk.open().isEmpty()) {
      waiting.tryComplete();
    }
  }

  @Override
  public Future<Void> drain() {
    Promise<Void> waiting = drained;
    if (waiting == null) {
      waiting = Promise.promise();
      drained = waiting;
    }
    over();
    return waiting.future();
  }

  @Override
  public Future<Void> close() {
    drain();
    rest();
    for (Exchange exchange : desk.open().toArray(new Exchange[0])) {
      exchange.dismiss();
    }
    return desk.inlet().close();
  }
}
