package io.sluice.stream;

import java.security.SecureRandom;

/** Makes {@link Keys} as a stream's settings say. */
final class KeysMade {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Dedupe dedupe;

  KeysMade(Dedupe dedupe) {
    this.dedupe = dedupe;
  }

  String by() {
    return dedupe.by().text();
  }

  /** That know nothing, with a hash of their own. */
  Keys make() {
    return make(new SipHash(RANDOM.nextLong(), RANDOM.nextLong()), 1);
  }

  /** That know nothing, and go on with another's hash and numbers. */
  Keys make(SipHash hash, long first) {
    return new Keys(
        new EventKey(dedupe.by(), hash), dedupe.window().toMillis(), dedupe.maxKeys(), first);
  }
}
