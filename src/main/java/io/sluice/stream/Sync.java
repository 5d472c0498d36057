package io.sluice.stream;

import io.sluice.config.Durations;
import io.sluice.config.Text;
import java.time.Duration;
import java.util.Optional;

/**
 * When a stream forces its journal to disk.
 *
 * @param every how often; zero for before every receipt, empty for never
 */
@Text(
    what = "`always`, `never` or a duration like 1s",
    pattern = "^(always|never|[0-9]+ ?(ms|s|m|h))$")
public record Sync(Optional<Duration> every) {
  public static final Sync ALWAYS = new Sync(Optional.of(Duration.ZERO));
  public static final Sync NEVER = new Sync(Optional.empty());

  /**
   * Reads what the operator wrote.
   *
   * @throws IllegalArgumentException when it is none of the three forms
   */
  public static Sync parse(String text) {
    return switch (text) {
      case "always" -> ALWAYS;
      case "never" -> NEVER;
      default -> new Sync(Optional.of(Durations.parse(text)));
    };
  }
}
