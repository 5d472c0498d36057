package io.sluice.source.poll;

import io.sluice.connector.PollSettings.Standby;
import java.util.OptionalLong;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a push source has been silent for so long that its place is to be taken. */
final class Silence {
  private static final Logger LOG = LoggerFactory.getLogger(Silence.class);

  private final String source;
  private final Standby standby;
  private final Function<String, OptionalLong> lastKept;
  private final long began;
  private boolean silent;

  /**
   * Not silent yet.
   *
   * @param source who takes the place
   * @param lastKept when a source last brought something, on the monotonic clock
   * @param began when listening began
   */
  Silence(String source, Standby standby, Function<String, OptionalLong> lastKept, long began) {
    this.source = source;
    this.standby = standby;
    this.lastKept = lastKept;
    this.began = began;
  }

  /** Looks. */
  boolean at(long nanos) {
    long last = lastKept.apply(standby.source()).orElse(began);
    boolean now = nanos - Math.max(last, began) >= standby.silent().toNanos();
    if (now != silent) {
      silent = now;
      LOG.atInfo()
          .addKeyValue("source", source)
          .addKeyValue("for", standby.source())
          .log(now ? "the push source is silent, polling" : "the push source is back");
    }
    return now;
  }
}
