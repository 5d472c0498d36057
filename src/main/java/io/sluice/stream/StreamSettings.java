package io.sluice.stream;

import io.sluice.config.ByteSize;
import io.sluice.config.Check;
import io.sluice.config.Key;
import java.time.Duration;
import java.util.Optional;

/** One stream, as the operator writes it. */
public record StreamSettings(
    @Key(
            doc = "Where events wait between sources and sinks: a journal on `disk`, or `memory`.",
            preset = "disk")
        Buffer buffer,
    @Key(
            doc =
                "The most the stream holds. Unless said otherwise 64MiB in memory, and on disk"
                    + " 10GiB, or a share of what the disk has room for without its last tenth"
                    + " where that is less. The gateway does not start with more than the disk has"
                    + " room for.")
        Optional<ByteSize> maxBytes,
    @Key(
            doc =
                "What happens when it holds that much: `block` lets sources wait, `reject` refuses"
                    + " new events at once, `drop-oldest` gives up the oldest ones, delivered or"
                    + " not.",
            preset = "block")
        WhenFull whenFull,
    @Key(doc = "What is kept for replay after every sink has it.") Optional<Retain> retain,
    @Key(
            doc =
                "When a batch is forced to disk: `always` before its receipt, `never` leaves it to"
                    + " the operating system, and a duration like `1s` forces that often, so that a"
                    + " power cut can take what came since.",
            preset = "always")
        Sync sync,
    @Key(
            doc =
                "The most that may be in memory on its way into the stream, over all its sources.",
            preset = "64MiB")
        ByteSize intake,
    @Key(doc = "Leaves out events that the stream has already.") Optional<Dedupe> dedupe,
    @Key(
            doc =
                "Who remembers how far a client's WebSocket session is: this gateway alone (local),"
                    + " or all replicas in the database of `replicas` (shared), so that a client"
                    + " can go on at another one. Without it, shared where there is such a"
                    + " database.")
        Optional<Sessions> sessions) {

  private static final ByteSize DISK = ByteSize.parse("10GiB");
  private static final ByteSize MEMORY = ByteSize.parse("64MiB");

  /** No stream may hold less. */
  public static final ByteSize LEAST = ByteSize.parse("1MiB");

  /** What holds the events. */
  public enum Buffer {
    DISK,
    MEMORY
  }

  /** Who remembers clients' sessions. */
  public enum Sessions {
    LOCAL,
    SHARED
  }

  /** What a full stream does. */
  public enum WhenFull {
    BLOCK,
    REJECT,
    DROP_OLDEST
  }

  /** What is kept after delivery, as long as both allow. */
  public record Retain(
      @Key(doc = "How long.") Optional<Duration> time,
      @Key(doc = "How much.") Optional<ByteSize> size) {}

  public StreamSettings {
    Check.that(
        maxBytes.map(size -> size.compareTo(LEAST) >= 0).orElse(true),
        "maxBytes",
        "must be at least " + LEAST);
    Check.that(intake.compareTo(LEAST) >= 0, "intake", "must be at least " + LEAST);
  }

  /** The same with another {@link #maxBytes}. */
  public StreamSettings withMaxBytes(ByteSize bytes) {
    return new StreamSettings(
        buffer, Optional.of(bytes), whenFull, retain, sync, intake, dedupe, sessions);
  }

  /**
   * Whether a stream that runs under {@code before} can go on under these settings: they differ in
   * how much it holds and what it does then, not in what holds it or what it remembers.
   */
  public boolean follows(StreamSettings before) {
    return buffer == before.buffer
        && sync.equals(before.sync)
        && intake.equals(before.intake)
        && dedupe.equals(before.dedupe)
        && sessions.equals(before.sessions);
  }

  /** What the stream holds at the most. */
  public ByteSize limit() {
    return maxBytes.orElse(buffer == Buffer.DISK ? DISK : MEMORY);
  }
}
