package io.sluice.journal;

import io.sluice.event.Batch;
import io.sluice.event.Position;
import io.sluice.event.Refusal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A durable log of batches in a directory of its own.
 *
 * <p>Every event has a position. {@link #append} is for one thread; everything else may be called
 * from any, and nothing but {@link #open}, {@link #close} and the reader waits for the disk. Two
 * threads work for each journal: the writer, which commits in groups, and the keeper, which saves
 * cursors and looks after segment files.
 */
public final class Journal implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Journal.class);

  private final Surroundings outside;
  private final JournalOptions options;
  private final Commits commits;
  private final Segments segments;
  private final Handover handover;
  private final Counters counters = new Counters();
  private final Contents found;
  private final long recoveryNanos;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final CountDownLatch end = new CountDownLatch(1);

  private final Writer writer;
  private final Remembering memory;

  /** Does its turns in tests that are the keeper. */
  final Keeper keeper;

  private Journal(Surroundings outside, JournalOptions options, Commits commits)
      throws IOException {
    this.outside = outside;
    this.options = options;
    this.commits = commits;
    long start = outside.nanos().getAsLong();
    Spares spares = new Spares(outside.disk(), options.segmentBytes(), options.spares());
    Recovery recovery = new Recovery(outside, options, spares);
    Recovery.Opened opened = recovery.open();
    this.found = recovery.found();
    this.segments = new Segments(opened.view());
    this.handover = new Handover(options.commitBytes(), options.maxCommitDelay().toNanos());
    // Each knows of the other only once both are there.
    Keeper[] made = new Keeper[1];
    this.writer =
        new Writer(
            outside,
            options,
            segments,
            opened.active(),
            spares,
            handover,
            commits,
            counters,
            errand -> made[0].send(errand));
    this.memory =
        new Remembering(new MemoFile(outside.disk(), opened.active().header().journal()), writer);
    this.keeper =
        new Keeper(
            outside,
            options,
            opened.active().header().journal(),
            segments,
            spares,
            found.cursors().map(CursorFile::positions).orElse(Map.of()),
            memory,
            writer::failed);
    made[0] = keeper;
    found.damage().forEach(this::damaged);
    this.recoveryNanos = outside.nanos().getAsLong() - start;
  }

  /**
   * Opens the journal in a directory, which is made where there is none, and recovers it. Blocks;
   * takes longer only by the size of one segment, and only after a crash.
   *
   * @throws LockedException when somebody else has it open
   * @throws JournalVersionException when a later program wrote it; nothing was touched
   * @throws DamagedException when it is damaged and the options say to fail; nothing was changed
   * @throws IOException when the directory cannot be used
   */
  public static Journal open(Path directory, JournalOptions options, Commits commits)
      throws IOException {
    Journal journal = open(Surroundings.real(directory), options, commits);
    journal.start(String.valueOf(directory.getFileName()));
    return journal;
  }

  /** Opened, and nobody works for it yet. */
  static Journal open(Surroundings outside, JournalOptions options, Commits commits)
      throws IOException {
    outside.disk().lock();
    try {
      return new Journal(outside, options, commits);
    } catch (IOException | RuntimeException e) {
      outside.disk().unlock();
      throw e;
    }
  }

  void start(String name) {
    start(
        "journal-writer-" + name,
        () -> {
          writer.run();
          writer.finish();
          keeper.close();
        });
    start(
        "journal-keeper-" + name,
        () -> {
          keeper.run();
          finish();
        });
  }

  private static void start(String name, Runnable body) {
    Thread thread = new Thread(body, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** What the writer does in one go, for tests that are the writer. */
  void step() {
    writer.turn(handover.take(0));
  }

  /** What both threads do after {@link #shutdown}, for tests that are both. */
  void drain() {
    writer.run();
    writer.finish();
    keeper.close();
    keeper.run();
    finish();
  }

  /** The last step of a shutdown. */
  void finish() {
    try {
      if (writer.sound() && keeper.sound()) {
        keeper.finish();
      }
    } catch (IOException e) {
      log.atWarn().setCause(e).log("journal not marked as shut down in order");
    }
    try {
      outside.disk().unlock();
    } catch (IOException e) {
      log.atWarn().setCause(e).log("journal lock not given back");
    }
    end.countDown();
    ended.complete(null);
  }

  /**
   * Queues a batch and returns at once; {@link Commits} hears what became of it. For one thread.
   *
   * @param attachment given back with the answer
   */
  public void append(Batch batch, Object attachment) {
    if (!handover.put(batch, attachment)) {
      commits.refused(List.of(new Appended(next(), batch, attachment)), Refusal.DRAINING);
    }
  }

  /** Behind the last event that was committed. */
  public Position next() {
    return segments.view().next();
  }

  /** The first event that can still be read. */
  public Position first() {
    return segments.view().first();
  }

  /**
   * What the events that were not {@linkplain #release released} take on disk. Bytes; within one
   * segment, by proportion. The files take up to a segment more at either end, and spare ones.
   */
  public long bytes() {
    return segments.view().bytesFrom(keeper.released());
  }

  /** What the events from an ordinal on take on disk. Bytes, as {@link #bytes()} counts. */
  public long bytesFrom(long ordinal) {
    return segments.view().bytesFrom(ordinal);
  }

  /** Bytes of batches whose answer is still to come. */
  public long queuedBytes() {
    return handover.queued();
  }

  /**
   * Where a holder of a position goes on. One of an older epoch may have been behind the tail that
   * was lost then, so it goes back to where its epoch ended; one of an epoch that nobody knows goes
   * back to {@link #first}; one before {@link #first} goes on there, and what lies between is lost
   * to it; one behind {@link #next} goes on there.
   */
  public Position resume(Position held) {
    return segments.view().resume(held);
  }

  /** Behind the last segment that was wholly written before the moment, by the wall clock. */
  public Position writtenBefore(Instant moment) {
    return segments.view().writtenBefore(moment);
  }

  /** The earliest segment start from which on no more than so many bytes are kept. */
  public Position keeping(long bytes) {
    return segments.view().keeping(bytes);
  }

  /** Whether nothing is answered before it is forced. */
  public boolean forcesFirst() {
    return options.sync().equals(Sync.ALWAYS);
  }

  /** A reader from where {@link #resume} says. What it finds damaged is logged and counted. */
  public JournalReader reader(Position from) {
    return reader(from, damage -> {});
  }

  /**
   * A reader that also tells of damage.
   *
   * @param damaged called inside {@link JournalReader#read}, before the entry behind the damage
   */
  public JournalReader reader(Position from, Consumer<Damage> damaged) {
    return new JournalReader(
        outside.disk(),
        segments::view,
        from,
        options.onCorruption(),
        damage -> {
          damaged(damage);
          damaged.accept(damage);
        });
  }

  /** What opening found missing. */
  public List<Damage> damage() {
    return found.damage();
  }

  private void damaged(Damage damage) {
    if (counters.damaged(damage)) {
      (damage.forced() ? log.atError() : log.atWarn())
          .addKeyValue("journal", outside.disk().name())
          .addKeyValue("segment", damage.segment())
          .addKeyValue("offset", damage.offset())
          .addKeyValue("from", damage.from())
          .addKeyValue("to", damage.to())
          .log(
              damage.forced()
                  ? "journal damaged, events are lost"
                  : "events that were never forced did not survive the crash");
    }
  }

  /** Everything before the position may be deleted, whole segments at a time, soon. */
  public void release(Position before) {
    keeper.release(before.ordinal());
  }

  /** The positions of sinks, as last given to {@link #saveCursor} or found on opening. */
  public Map<String, Position> cursors() {
    return keeper.cursors();
  }

  /** Remembers a sink's position; on disk soon. May lag behind the sink, never leads it. */
  public void saveCursor(String sink, Position position) {
    keeper.save(sink, position);
  }

  /**
   * Remembers a sink's position.
   *
   * @param done called on the keeper's thread once it, or a later one, is on disk
   */
  public void saveCursor(String sink, Position position, Runnable done) {
    keeper.save(sink, position, done);
  }

  /** Forgets a sink that is no more. */
  public void retireCursor(String sink) {
    keeper.retire(sink);
  }

  /**
   * Reads the memo that was saved last, for whoever will {@link #remember} from now on. Call it
   * once, before anything is released: segments then stay until a memo that covers them is on disk.
   * Blocks.
   *
   * @return empty when there never was one; from then on there is, of no events
   * @throws IOException when it cannot be read, or a later program wrote it
   */
  public Optional<Remembered> remembered() throws IOException {
    return memory.load(next());
  }

  /**
   * Keeps a memo beside the journal, soon, in place of the one before. It is read back by whoever
   * opens the journal next, who has to read only the events behind it. It is on disk when a
   * shutdown in order is over, if it was given before that began.
   */
  public void remember(Memo memo) {
    keeper.remember(memo);
  }

  /** Up to where the memo on disk reaches: what it tells need not be kept elsewhere. */
  public long rememberedUpTo() {
    return memory.saved();
  }

  /** What tells this journal from every other one. */
  public UUID identity() {
    return keeper.identity();
  }

  /**
   * Where the segment begins that is written now; a good time to {@link #remember} is when it
   * moves.
   */
  public long segment() {
    return segments.view().active().base();
  }

  public Stats stats() {
    View view = segments.view();
    Refusal why = writer.refusal();
    return new Stats(
        counters.events.sum(),
        counters.bytes.sum(),
        counters.commits.sum(),
        counters.forces.sum(),
        counters.forceNanos.sum(),
        counters.refused.sum(),
        counters.lostEvents(),
        view.sealed().size() + 1,
        view.fileBytes(),
        handover.queued(),
        recoveryNanos,
        found.torn(),
        found.clean(),
        why == Refusal.DISK_FULL,
        why == Refusal.JOURNAL_FAILED);
  }

  /**
   * Takes nothing more, commits what waits, saves cursors, marks the journal as shut down in order
   * and gives the lock back. Legal twice.
   *
   * @return completes when done, on the keeper's thread; never fails
   */
  public CompletionStage<Void> shutdown() {
    handover.close();
    return ended.minimalCompletionStage();
  }

  /** {@link #shutdown}, and waits for it. Not for event loops. */
  @Override
  public void close() {
    shutdown();
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
