package io.sluice.source.poll;

import io.sluice.connector.Every;
import io.sluice.connector.Findings;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;

/** Timetables as settings ask for them. */
final class Timetables {
  private Timetables() {}

  /**
   * A timetable that begins now.
   *
   * @param learnt the interval to begin with, where it is one that is learnt
   */
  static Timetable of(Every every, Optional<Duration> learnt, Timers timers) {
    if (every instanceof Every.Fixed fixed) {
      return new FixedTimetable(fixed.interval(), timers.nanos());
    }
    return every instanceof Every.Adaptive adaptive
        ? new AdaptiveTimetable(adaptive, learnt.orElse(adaptive.min()), timers.nanos())
        : new CronTimetable((Every.Cron) every, timers.wall());
  }

  /** Says what is wrong with an expression or its zone. */
  static void inspect(Every every, Findings findings) {
    if (!(every instanceof Every.Cron cron)) {
      return;
    }
    try {
      CronTimetable.parse(cron.cron());
    } catch (IllegalArgumentException e) {
      findings.error(
          "every/cron",
          "is no cron expression of five fields: minute, hour, day of month, month, day of week ("
              + e.getMessage()
              + ")");
    }
    try {
      ZoneId.of(cron.zone());
    } catch (DateTimeException e) {
      findings.error("every/zone", "is no time zone like UTC or Europe/Berlin");
    }
  }
}
