package io.sluice.connector;

import io.vertx.core.Future;
import java.util.Optional;

/** Keeps leases. Usable on any event loop, where the futures complete. */
public interface LeaseStore {
  /**
   * Takes the lease of a source, when nobody holds it.
   *
   * @return empty when somebody else holds it: ask again later. Fails with {@link
   *     CursorLostException} when the cursor cannot be read, and with an I/O failure when the store
   *     cannot
   */
  Future<Optional<Lease>> acquire(String source);

  /**
   * Puts a lost cursor aside, so that the next holder starts from the beginning; never deletes it.
   */
  Future<Void> reset(String source);
}
