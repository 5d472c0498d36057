package io.sluice.delivery;

import io.sluice.config.ByteSize;
import io.sluice.config.Check;
import io.sluice.config.Key;

/** How much is kept of what a destination can never take. */
public record DeadLettersConfig(
    @Key(
            doc =
                "The most that dead letters take on disk. Once they do, the sink stands at the next"
                    + " refused event until there is room.",
            preset = "1GiB")
        ByteSize maxBytes) {
  private static final ByteSize LEAST = ByteSize.parse("1MiB");

  public DeadLettersConfig {
    Check.that(maxBytes.compareTo(LEAST) >= 0, "maxBytes", "must be at least " + LEAST);
  }
}
