package io.sluice.report;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Since when the figures of each source count, and what they were then: a source that gets other
 * settings begins a new page, and the one before stays beside it; others go on with theirs. Two
 * pages a source at the most, and none of it outlives the process. Any thread.
 */
public final class Books {
  private final MeterRegistry meters;
  private final Clock clock;
  private final ConcurrentMap<String, Page> pages = new ConcurrentHashMap<>();

  private record Page(Instant since, Counts base, Optional<Figures> before) {
    Figures figures(Counts counts, Instant now) {
      Duration span = Duration.between(since, now);
      return new Figures(since, span.isNegative() ? Duration.ZERO : span, counts.minus(base));
    }
  }

  /** Without sources. */
  public Books(MeterRegistry meters, Clock clock) {
    this.meters = meters;
    this.clock = clock;
  }

  /** These sources run from now on, with settings they did not have. */
  public void begin(Collection<String> sources) {
    if (sources.isEmpty()) {
      return;
    }
    Map<String, Counts> counts = Readout.of(meters);
    Instant now = clock.instant();
    for (String source : sources) {
      Counts base = counts.getOrDefault(source, Counts.NONE);
      pages.compute(
          source,
          (name, page) ->
              new Page(
                  now, base, Optional.ofNullable(page).map(there -> there.figures(base, now))));
    }
  }

  /** These sources run no more. */
  public void end(Collection<String> sources) {
    sources.forEach(pages::remove);
  }

  /** What every source that runs came to. */
  public Map<String, Account> accounts() {
    Map<String, Counts> counts = Readout.of(meters);
    Instant now = clock.instant();
    Map<String, Account> accounts = new HashMap<>();
    pages.forEach(
        (source, page) ->
            accounts.put(
                source,
                new Account(
                    page.figures(counts.getOrDefault(source, Counts.NONE), now), page.before())));
    return accounts;
  }
}
