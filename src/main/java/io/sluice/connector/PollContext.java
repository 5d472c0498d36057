package io.sluice.connector;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;

/** What a poll is given by its surroundings. Usable on the event loop of the poll. */
public interface PollContext {
  /** The source's name in the configuration. */
  String name();

  Vertx vertx();

  MeterRegistry meters();

  Clock clock();

  /**
   * Stands in line to ask a host. Every request to a host that other polls may ask too goes through
   * here: one at a time, not before the host wants to be asked again, within the source's budget of
   * requests.
   *
   * @param host what is asked, as {@code host:port}
   * @return the turn, which lasts until it is {@linkplain Turn#over over}
   */
  Future<Turn> turn(String host);
}
