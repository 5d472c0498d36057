package io.sluice.net;

import io.sluice.config.HostPort;
import io.vertx.core.Future;
import java.util.function.Supplier;

/** A TCP address that is listened on. Methods may be called on any thread. */
public final class TcpMount {
  private final HostPort address;
  private final Supplier<Future<Void>> unmount;

  TcpMount(HostPort address, Supplier<Future<Void>> unmount) {
    this.address = address;
    this.unmount = unmount;
  }

  /** The address with the port that is really listened on. */
  public HostPort address() {
    return address;
  }

  /** Refuses new connections, lets those there are end, and lets go of the address. */
  public Future<Void> unmount() {
    return unmount.get();
  }
}
