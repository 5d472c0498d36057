package io.sluice.lease;

import io.sluice.connector.LeaseStore;
import io.vertx.core.Future;

/** The leases of a gateway, with their end. */
public interface GatewayLeases extends LeaseStore {
  /** Lets go of everything, after what was asked for. Never fails. */
  Future<Void> close();
}
