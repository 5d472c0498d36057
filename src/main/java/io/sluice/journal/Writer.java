package io.sluice.journal;

import io.sluice.event.Position;
import io.sluice.event.Refusal;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what was appended: everything that waits goes out together, is forced once and answered
 * once. All methods but {@link #refusal} are for one thread, which nobody may interrupt.
 *
 * <p>A disk without room is survived: the group is taken back and refused, and every second the
 * writer tries whether there is room for what it writes next. So that a disk full of what every
 * sink has can empty, the segment is ended early then and its successor begun, with the room of the
 * keeper's ballast if there is no other. A disk that fails is not: after a failed force nobody
 * knows what it holds, so nothing is tried again.
 */
final class Writer {
  private static final Logger log = LoggerFactory.getLogger(Writer.class);
  private static final long PROBE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long IDLE_NANOS = TimeUnit.DAYS.toNanos(1);

  private final Surroundings outside;
  private final JournalOptions options;
  private final Segments segments;
  private final Spares spares;
  private final Handover handover;
  private final Commits commits;
  private final Counters counters;
  private final Consumer<Errand> keeper;
  private final long enough;
  private final long relaxedNanos;

  private SegmentWriter active;
  private Position next;
  private volatile long forced;
  private volatile boolean wanted;
  private boolean unforced;
  private long unforcedSince;
  private long probedAt;
  private List<Appended> portion = new ArrayList<>();
  private volatile @Nullable Refusal refusal;
  private volatile @Nullable IOException elsewhere;

  Writer(
      Surroundings outside,
      JournalOptions options,
      Segments segments,
      SegmentWriter active,
      Spares spares,
      Handover handover,
      Commits commits,
      Counters counters,
      Consumer<Errand> keeper) {
    this.outside = outside;
    this.options = options;
    this.segments = segments;
    this.active = active;
    this.spares = spares;
    this.handover = handover;
    this.commits = commits;
    this.counters = counters;
    this.keeper = keeper;
    this.enough = Math.min(options.commitBytes(), options.segmentBytes() / 2);
    this.next = segments.view().next();
    this.forced = next.ordinal();
    this.relaxedNanos = options.sync().within().toNanos();
  }

  /** Why nothing is taken at the moment; null when all is well. Any thread. */
  @Nullable Refusal refusal() {
    return refusal;
  }

  /** Works until the handover is closed and empty. */
  void run() {
    while (!handover.drained()) {
      turn(handover.take(patience()));
    }
  }

  /** How long the writer may sleep with nothing to write; nanoseconds. */
  private long patience() {
    if (refusal == Refusal.JOURNAL_FAILED) {
      return IDLE_NANOS;
    }
    long now = outside.nanos().getAsLong();
    if (refusal == Refusal.DISK_FULL) {
      return probedAt + PROBE_NANOS - now; // forces too, with or without room
    }
    return unforced ? unforcedSince + relaxedNanos - now : IDLE_NANOS;
  }

  /** Answers a group, and does what time asks for. */
  void turn(ArrayDeque<Handover.Pending> group) {
    try {
      IOException keepers = elsewhere;
      if (keepers != null && refusal != Refusal.JOURNAL_FAILED) {
        throw keepers;
      }
      probe();
      if (refusal == null) {
        write(group);
        force(wanted);
        oblige();
      }
    } catch (DiskFullException e) {
      full(group, e);
    } catch (IOException e) {
      fail(group, e);
    } catch (RuntimeException | Error e) {
      fail(group, new IOException("the journal's writer is broken", e));
    }
    Refusal why = refusal;
    if (why != null) {
      refuse(rest(group), why);
    }
  }

  private void write(ArrayDeque<Handover.Pending> group) throws IOException {
    long millis = outside.clock().millis();
    boolean relaxed = !options.sync().always();
    for (Handover.Pending each = group.peek(); each != null; each = group.peek()) {
      if (each.batch().bytes() > options.maxRecordBytes()) {
        settle();
        group.poll();
        refuse(List.of(appended(each)), Refusal.TOO_LARGE);
        continue;
      }
      while (!active.put(each.batch(), next.ordinal(), next.ordinal() - forced, relaxed, millis)) {
        if (active.isEmpty()) {
          active.widen(each.batch());
        } else {
          settle();
          rotate();
        }
      }
      group.poll();
      portion.add(appended(each));
      next = next.plus(each.batch().size());
    }
    settle();
  }

  private Appended appended(Handover.Pending pending) {
    return new Appended(next, pending.batch(), pending.attachment());
  }

  /** Makes durable and public what was put since the last time, and answers it. */
  private void settle() throws IOException {
    if (portion.isEmpty()) {
      return;
    }
    active.flush();
    if (!unforced) {
      unforced = true;
      unforcedSince = outside.nanos().getAsLong();
    }
    force(options.sync().always());
    Segment before = segments.view().active();
    Segment now = active.segment(next.ordinal(), forced, false);
    segments.committed(now);
    counters.events.add(now.next() - before.next());
    counters.bytes.add(now.end() - before.end());
    counters.commits.increment();
    List<Appended> group = portion;
    portion = new ArrayList<>();
    answer(group, () -> commits.committed(group));
    if (active.filled() > 0.5) {
      keeper.accept(Errand.SPARE);
    }
  }

  private void force(boolean now) throws IOException {
    if (!unforced || (!now && outside.nanos().getAsLong() - unforcedSince < relaxedNanos)) {
      return;
    }
    long start = outside.nanos().getAsLong();
    active.force();
    counters.forces.increment();
    long took = outside.nanos().getAsLong() - start;
    counters.forceNanos.add(took);
    unforced = false;
    forced = next.ordinal();
    tell(() -> commits.forced(took));
  }

  /** Events below this ordinal are forced. Any thread. */
  long forced() {
    return forced;
  }

  /** Has everything that was committed forced, whatever the options say. Any thread. */
  void forceSoon() {
    wanted = true;
    handover.poke();
  }

  private void oblige() {
    if (wanted && !unforced) {
      wanted = false;
      keeper.accept(Errand.MEMO);
    }
  }

  /**
   * Goes on in a new segment. The old one is whole on disk before the new one has its name, and
   * gets its footer after: wherever the power fails, one of both is the last and tells its end.
   */
  private void rotate() throws IOException {
    force(true);
    Optional<String> spare = spares.take();
    SegmentHeader header =
        active.header().following(outside, next.ordinal(), spare.filter(Spares::used).isPresent());
    SegmentWriter fresh = begin(outside, options, spare, header);
    Segment sealed = active.segment(next.ordinal(), forced, true);
    segments.rotated(sealed, fresh.segment(next.ordinal(), forced, false));
    SegmentWriter old = active;
    active = fresh;
    try (old) {
      old.seal(next.ordinal(), forced);
    } catch (DiskFullException e) {
      log.atDebug().setCause(e).log("no room for a footer, which only costs reading the segment");
    }
  }

  /** A new segment, on disk with its name; in a spare file when there is one. */
  static SegmentWriter begin(
      Surroundings outside, JournalOptions options, Optional<String> spare, SegmentHeader header)
      throws IOException {
    String name = SegmentHeader.file(header.base());
    String unnamed = spare.orElse(name + ".tmp");
    Disk disk = outside.disk();
    DiskFile file = disk.write(unnamed);
    try {
      file.write(header.encode(), 0);
      file.force();
      disk.rename(unnamed, name);
      disk.sync();
    } catch (IOException e) {
      file.close();
      disk.delete(unnamed);
      throw e;
    }
    long capacity = spare.isPresent() ? file.size() : options.segmentBytes();
    return new SegmentWriter(name, header, file, SegmentHeader.BYTES, capacity, header.created());
  }

  /** What of the group has not been answered, with the position it did not get. */
  private List<Appended> rest(ArrayDeque<Handover.Pending> group) {
    List<Appended> rest = portion;
    portion = new ArrayList<>();
    for (Handover.Pending each : group) {
      rest.add(appended(each));
    }
    group.clear();
    return rest;
  }

  private void refuse(List<Appended> group, Refusal why) {
    if (!group.isEmpty()) {
      counters.refused.add(group.size());
      answer(group, () -> commits.refused(group, why));
    }
  }

  private void full(ArrayDeque<Handover.Pending> group, DiskFullException why) {
    try {
      Segment kept = segments.view().active();
      next = segments.view().next();
      active.rollback(kept.end());
      probedAt = outside.nanos().getAsLong();
      refusal = Refusal.DISK_FULL;
      log.atWarn()
          .addKeyValue("journal", outside.disk().name())
          .addKeyValue("cause", why.getMessage())
          .log("journal disk full, appends are refused until there is room");
    } catch (IOException e) {
      fail(group, e);
    }
  }

  /** Tries whether there is room for as much as a group takes, most of the time. */
  private void probe() throws IOException {
    if (refusal != Refusal.DISK_FULL || outside.nanos().getAsLong() - probedAt < PROBE_NANOS) {
      return;
    }
    probedAt = outside.nanos().getAsLong();
    try {
      if (active.left() < enough && !active.isEmpty()) {
        rotate();
      }
      active.reserve(enough);
    } catch (DiskFullException e) {
      active.rollback(active.end());
      makeWay();
      return;
    }
    refusal = null;
    log.atInfo().addKeyValue("journal", outside.disk().name()).log("journal disk has room again");
  }

  /** Ends the segment that is written: only those that have ended can be let go. */
  private void makeWay() throws IOException {
    try {
      if (!active.isEmpty()) {
        rotate();
      }
      keeper.accept(Errand.RELEASE);
    } catch (DiskFullException e) {
      keeper.accept(Errand.BALLAST);
    }
  }

  /** The disk failed under the keeper: the writer gives up too. Any thread. */
  void failed(IOException cause) {
    elsewhere = cause;
    handover.poke();
  }

  private void fail(ArrayDeque<Handover.Pending> group, IOException cause) {
    refusal = Refusal.JOURNAL_FAILED;
    log.atError()
        .addKeyValue("journal", outside.disk().name())
        .setCause(cause)
        .log("journal disk failed, nothing is taken until the journal is opened anew");
    List<Appended> lost = rest(group);
    answer(lost, () -> commits.failed(lost, cause));
  }

  private void answer(List<Appended> group, Runnable call) {
    long weight = 0;
    for (Appended each : group) {
      weight += each.batch().weight();
    }
    handover.answered(weight);
    tell(call);
  }

  private static void tell(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      log.atError().setCause(e).log("whoever hears the journal's commits threw");
    }
  }

  /** Forces what is left. The keeper ends the journal after that. */
  void finish() {
    try {
      if (refusal != Refusal.JOURNAL_FAILED) {
        force(true);
      }
      active.close();
    } catch (IOException e) {
      fail(new ArrayDeque<>(), e);
    }
  }

  /** Whether everything committed is on disk, for the marker of a clean shutdown. */
  boolean sound() {
    return refusal != Refusal.JOURNAL_FAILED;
  }
}
