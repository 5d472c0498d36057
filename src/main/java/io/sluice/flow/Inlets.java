package io.sluice.flow;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where sources get their inlets: those to one stream share a lane on each event loop.
 *
 * <p>May be called on any event loop of its Vert.x; each loop sees only what is its own.
 */
public final class Inlets {
  /** A stream that is replaced is back sooner; or it will not be. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Vertx vertx;
  private final Duration patience;
  private final Map<Way, SharedLane> lanes = new ConcurrentHashMap<>();

  /** One an event loop, for good. */
  private final Map<Thread, Shares> shares = new ConcurrentHashMap<>();

  /** An event loop, known by its thread, and where the lane leads. */
  private record Way(Thread loop, String stream) {}

  /** No inlets yet. */
  public Inlets(Vertx vertx) {
    this(vertx, PATIENCE);
  }

  /**
   * No inlets yet.
   *
   * @param patience how long what a stream did not take, as it was being replaced, waits for the
   *     next one
   */
  Inlets(Vertx vertx, Duration patience) {
    this.vertx = vertx;
    this.patience = patience;
  }

  /** Opens an inlet of which nobody else wants to know; see {@link #open(String, Runnable)}. */
  public StreamInlet open(String stream) {
    return open(stream, () -> {});
  }

  /**
   * Opens an inlet on this event loop, in the context that calls; it is to be closed before that
   * ends.
   *
   * @param kept called there whenever the stream has kept something that was put into it
   * @throws IllegalStateException when not called on an event loop
   */
  public StreamInlet open(String stream, Runnable kept) {
    if (!Context.isOnEventLoopThread()) {
      throw new IllegalStateException("an inlet belongs to the event loop that opens it");
    }
    return lanes
        .computeIfAbsent(
            new Way(Thread.currentThread(), stream),
            way -> new SharedLane(vertx, stream, patience, () -> lanes.remove(way)))
        .enter(
            shares.computeIfAbsent(Thread.currentThread(), loop -> new Shares(System::nanoTime)),
            kept);
  }
}
