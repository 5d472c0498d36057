package io.sluice.source.poll;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import io.sluice.connector.Every;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/**
 * Ticks at the moments that a cron expression names, by the wall clock. When that jumps forward
 * over several of them, one tick comes; when it jumps back, those that came do not come again,
 * unless it jumps so far that waiting for them makes no sense.
 */
final class CronTimetable implements Timetable {
  /** As in cron(8): beyond this, the clock was corrected and not adjusted. */
  private static final Duration CORRECTED = Duration.ofHours(3);

  private static final Duration NEVER = Duration.ofDays(1);

  private final ExecutionTime times;
  private final ZoneId zone;
  private Instant since;

  /**
   * The next tick is the first after {@code now}.
   *
   * @throws IllegalArgumentException when the expression is none
   * @throws java.time.DateTimeException when there is no such zone
   */
  CronTimetable(Every.Cron settings, Instant now) {
    this.times = ExecutionTime.forCron(parse(settings.cron()));
    this.zone = ZoneId.of(settings.zone());
    this.since = now;
  }

  /**
   * The expression, of five fields.
   *
   * @throws IllegalArgumentException when it is none
   */
  static Cron parse(String expression) {
    return new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX))
        .parse(expression)
        .validate();
  }

  @Override
  public long untilDue(long nanos, Instant wall) {
    if (wall.isBefore(since.minus(CORRECTED))) {
      since = wall;
    }
    return times
        .nextExecution(since.atZone(zone))
        .map(next -> Duration.between(wall, next.toInstant()))
        .filter(wait -> wait.compareTo(NEVER) < 0)
        .orElse(NEVER)
        .toNanos();
  }

  @Override
  public void ticked(long nanos, Instant wall) {
    since = wall.isAfter(since) ? wall : since;
  }

  @Override
  public Optional<Duration> interval() {
    return Optional.empty();
  }
}
