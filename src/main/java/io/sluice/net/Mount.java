package io.sluice.net;

import io.sluice.config.HostPort;
import io.vertx.core.Future;

/** A route that is mounted. Methods may be called on any thread. */
public final class Mount {
  private final Listeners listeners;
  private final HostPort named;
  private final Bound bound;
  private final Route route;
  private final Bound.Endpoints endpoints;

  Mount(Listeners listeners, HostPort named, Bound bound, Route route, Bound.Endpoints endpoints) {
    this.listeners = listeners;
    this.named = named;
    this.bound = bound;
    this.route = route;
    this.endpoints = endpoints;
  }

  /** Where clients find it: the address with the port that is really listened on. */
  public HostPort address() {
    return bound.address();
  }

  /** Refuses new requests; completes when those that were taken are answered. */
  public Future<Void> drain() {
    return bound.drain(endpoints);
  }

  /**
   * Sends nobody new here, as another route took its place.
   *
   * @return completes when nobody is left who came before
   */
  public Future<Void> retire() {
    return bound.retire(route.path(), endpoints);
  }

  /** Takes the route away, and lets go of the address when it was the last there. */
  public Future<Void> unmount() {
    return listeners.unmount(named, bound, route, endpoints);
  }
}
