package io.sluice.source.poll;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.connector.PollContext;
import io.sluice.connector.Turn;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Gives every turn at once, and keeps what came of it; fails when a turn ends twice. */
public final class FakePollContext implements PollContext {
  private final Vertx vertx;
  private final String name;
  private final Clock clock;
  private final MeterRegistry meters = new SimpleMeterRegistry();
  private final List<Ended> ended = new ArrayList<>();
  private int open;

  /** A turn that is over. */
  public record Ended(String host, long bytes, Duration pause) {}

  public FakePollContext(Vertx vertx, String name, Clock clock) {
    this.vertx = vertx;
    this.name = name;
    this.clock = clock;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Vertx vertx() {
    return vertx;
  }

  @Override
  public MeterRegistry meters() {
    return meters;
  }

  @Override
  public Clock clock() {
    return clock;
  }

  @Override
  public synchronized Future<Turn> turn(String host) {
    open++;
    boolean[] over = {false};
    return Future.succeededFuture(
        (bytes, pause) -> {
          synchronized (this) {
            if (over[0]) {
              throw new AssertionError("a turn ended twice");
            }
            over[0] = true;
            open--;
            ended.add(new Ended(host, bytes, pause));
          }
        });
  }

  /** Turns that are not over. */
  public synchronized int open() {
    return open;
  }

  /** The turns that are over, in order. */
  public synchronized List<Ended> ended() {
    return List.copyOf(ended);
  }
}
