package io.sluice.net;

import io.sluice.config.HostPort;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A route that is mounted. Methods may be called on any thread. */
public final class Mount {
  private final Listeners listeners;
  private final HostPort named;
  private final Bound bound;
  private final Route route;
  private final Bound.Endpoints endpoints;
  private final Duration drain;

  Mount(
      Listeners listeners,
      HostPort named,
      Bound bound,
      Route route,
      Bound.Endpoints endpoints,
      Duration drain) {
    this.listeners = listeners;
    this.named = named;
    this.bound = bound;
    this.route = route;
    this.endpoints = endpoints;
    this.drain = drain;
  }

  /** Where clients find it: the address with the port that is really listened on. */
  public HostPort address() {
    return bound.address();
  }

  /**
   * Sends nobody new here, as another route took its place.
   *
   * @return completes when nobody is left who came before
   */
  public Future<Void> retire() {
    return bound.retire(route.path(), endpoints);
  }

  /**
   * Refuses new requests, lets those that were taken be answered, cuts off what is left, takes the
   * route away, and lets go of the address when it was the last there.
   */
  public Future<Void> unmount() {
    return bound
        .drain(endpoints)
        .timeout(Math.max(1, drain.toMillis()), TimeUnit.MILLISECONDS)
        .transform(drained -> listeners.unmount(named, bound, route, endpoints));
  }
}
