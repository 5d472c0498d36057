package io.sluice.source.poll;

import io.sluice.connector.Inlet;
import io.sluice.connector.LeaseStore;
import io.sluice.connector.Poll;
import io.vertx.core.Future;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.function.DoubleSupplier;
import java.util.function.Function;

/**
 * What a {@link Poller} needs of the world. Confined to the event loop of its source.
 *
 * @param inlet the way into the stream
 * @param leases where the cursor is
 * @param hosts everybody's manners
 * @param intervals what sources had learnt before this one
 * @param home runs something on the event loop of the source
 * @param polls makes a connector's poll, given the way to turns
 * @param lastKept when another source last brought something
 * @param random from 0 to before 1
 */
record Surroundings(
    Inlet inlet,
    LeaseStore leases,
    Hosts hosts,
    Intervals intervals,
    Executor home,
    Timers timers,
    Function<TurnTaking, Poll> polls,
    Function<String, OptionalLong> lastKept,
    DoubleSupplier random) {

  /** Stands in line at a host. */
  @FunctionalInterface
  interface TurnTaking {
    Future<io.sluice.connector.Turn> turn(String host);
  }
}
