package io.sluice.stream;

import java.util.Optional;

/**
 * What a stream shares with the same stream of other replicas.
 *
 * @param dedupe what it leaves out by key, where that is shared
 * @param sessions whether clients' sessions are, where that is possible
 * @param asked whether the operator asked for any of it, so that it is wrong not to share
 */
record Sharing(Optional<Dedupe> dedupe, boolean sessions, boolean asked) {
  /** What settings say, where there is a database to share. */
  static Sharing of(StreamSettings settings) {
    Optional<Dedupe> dedupe = settings.dedupe().filter(Dedupe::shared);
    boolean said = settings.sessions().filter(StreamSettings.Sessions.SHARED::equals).isPresent();
    return new Sharing(dedupe, said || settings.sessions().isEmpty(), said || dedupe.isPresent());
  }

  /** Whether there is anything. */
  boolean any() {
    return sessions || dedupe.isPresent();
  }
}
