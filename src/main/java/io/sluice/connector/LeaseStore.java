package io.sluice.connector;

import io.vertx.core.Future;
import java.time.Duration;
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

  /** How long somebody waits who got no lease, before asking again. */
  default Duration again() {
    return Duration.ofSeconds(5);
  }

  /** Who had the lease when this last heard of it. Any thread; cheap. */
  Optional<Owner> owner(String source);

  /**
   * Who has a lease.
   *
   * @param replica its name
   * @param term how many holders there were, this one included
   */
  record Owner(String replica, long term) {}

  /**
   * Puts a lost cursor aside, so that the next holder starts from the beginning; never deletes it.
   */
  Future<Void> reset(String source);
}
