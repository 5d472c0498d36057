package io.sluice.stream;

import io.sluice.event.Ack;
import io.sluice.event.Batch;
import io.sluice.event.Position;
import io.sluice.event.Refusal;
import io.sluice.journal.Appended;
import io.sluice.journal.Commits;
import io.sluice.journal.Journal;
import io.sluice.journal.JournalOptions;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A log over a journal. The latest entries stay in a window of memory for sinks that are caught up;
 * those behind it are read back from segments, on threads made for that.
 *
 * <p>Everything runs on the stream's event loop, except {@link Commits}, which the journal's writer
 * calls and which hops over once a commit.
 */
final class DiskLog implements Log, Commits {
  /** What the window holds at the most. Bytes. */
  private static final long WINDOW = 16L << 20;

  private static final long LEAST_SEGMENT = 64L << 10;

  private final Vertx vertx;
  private final JournalOpening journals;
  private final Path directory;
  private StreamSettings settings;
  private final Clock clock;
  private final JournalTelemetry telemetry;
  private final Consumer<IOException> onFailure;
  private final Context context;
  private final Readers readers;
  private final Window window = new Window();
  private @Nullable Journal journal;
  private @Nullable Keeper keeper;
  private final boolean whole;
  private long rememberedIn = -1;
  private Position next = Position.START;
  private long dropped;
  private boolean failed;

  /**
   * A log in a directory; call it on the stream's event loop.
   *
   * @param whole whether all that is in the journal counts, and is remembered when it is opened; or
   *     only what is before the memo, and somebody else knows of the rest
   * @param onFailure told once, when the disk has failed for good
   */
  DiskLog(
      Vertx vertx,
      JournalOpening journals,
      Path directory,
      StreamSettings settings,
      Clock clock,
      JournalTelemetry telemetry,
      boolean whole,
      Consumer<IOException> onFailure) {
    this.vertx = vertx;
    this.journals = journals;
    this.directory = directory;
    this.settings = settings;
    this.clock = clock;
    this.telemetry = telemetry;
    this.whole = whole;
    this.onFailure = onFailure;
    this.context = vertx.getOrCreateContext();
    this.readers = new Readers(vertx);
  }

  @Override
  public Future<Opened> open(Keeper told, Optional<KeysMade> keys) {
    keeper = told;
    JournalOptions options =
        JournalOptions.DEFAULTS.withSync(sync()).withSegmentBytes(segmentBytes());
    return vertx
        .executeBlocking(
            () -> Recovered.open(() -> journals.open(directory, options, this), keys, whole))
        .map(
            recovered -> {
              journal = recovered.journal();
              telemetry.opened(recovered.journal());
              next = journal().next();
              return new Opened(recovered.memory(), recovered.upTo());
            });
  }

  @Override
  public UUID identity() {
    return journal().identity();
  }

  /** So that a crash costs reading the events of a segment or two, and delivered ones can go. */
  @Override
  public void remember(Memory memory, Position upTo) {
    if (rememberedIn != journal().segment()) {
      rememberedIn = journal().segment();
      journal().remember(memory.memo(upTo));
    }
  }

  @Override
  public Position remembered() {
    return new Position(next.epoch(), journal().rememberedUpTo());
  }

  /** Small enough that what is given up or released by whole segments is a small part of it all. */
  private long segmentBytes() {
    long part = settings.limit().bytes() / 8;
    return Math.min(JournalOptions.DEFAULTS.segmentBytes(), Math.max(LEAST_SEGMENT, part));
  }

  private io.sluice.journal.Sync sync() {
    return settings
        .sync()
        .every()
        .map(io.sluice.journal.Sync::every)
        .orElse(io.sluice.journal.Sync.NEVER);
  }

  private Journal journal() {
    if (journal == null) {
      throw new IllegalStateException("the log is not open");
    }
    return journal;
  }

  @Override
  public void follow(StreamSettings wanted) {
    settings = wanted;
  }

  @Override
  public Ack promise() {
    return Ack.STORED;
  }

  @Override
  public void append(Batch batch, Ticket ticket) {
    journal().append(batch, ticket);
  }

  @Override
  public void committed(List<Appended> group) {
    context.runOnContext(
        hop -> {
          for (Appended appended : group) {
            window.add(new Entry(appended.first(), appended.batch()));
            next = appended.next();
          }
          while (window.weight() > WINDOW) {
            window.removeOldest();
          }
          for (Appended appended : group) {
            told().kept(appended.first(), (Ticket) appended.attachment());
          }
        });
  }

  @Override
  public void refused(List<Appended> group, Refusal why) {
    context.runOnContext(
        hop -> group.forEach(appended -> told().refused((Ticket) appended.attachment(), why)));
  }

  @Override
  public void failed(List<Appended> group, IOException cause) {
    context.runOnContext(
        hop -> {
          failed = true;
          group.forEach(
              appended -> told().refused((Ticket) appended.attachment(), Refusal.JOURNAL_FAILED));
          onFailure.accept(new IOException(directory + ": " + cause.getMessage(), cause));
        });
  }

  @Override
  public void forced(long nanos) {
    telemetry.forced(nanos);
  }

  private Keeper told() {
    if (keeper == null) {
      throw new IllegalStateException("the log is not open");
    }
    return keeper;
  }

  @Override
  public Position first() {
    return journal().first();
  }

  @Override
  public Position next() {
    return next;
  }

  @Override
  public long bytes() {
    return journal().bytes() + journal().queuedBytes();
  }

  @Override
  public Position resume(Position held) {
    return journal().resume(held);
  }

  @Override
  public Future<List<Entry>> read(Position from, long most) {
    return window.holds(from.ordinal())
        ? Future.succeededFuture(window.read(from.ordinal(), most))
        : readers.read(journal(), from, next.ordinal(), most);
  }

  @Override
  public Optional<Position> cursor(String sink) {
    return Optional.ofNullable(journal().cursors().get(sink));
  }

  @Override
  public Map<String, Position> cursors() {
    return journal().cursors();
  }

  @Override
  public void forgetCursor(String sink) {
    journal().retireCursor(sink);
  }

  @Override
  public long bytesFrom(long ordinal) {
    return journal().bytesFrom(ordinal);
  }

  @Override
  public void keepCursor(String sink, Position position) {
    journal().saveCursor(sink, position);
  }

  @Override
  public void release(Position position) {
    while (!window.isEmpty() && window.oldest().end() <= position.ordinal()) {
      window.removeOldest();
    }
    Position until =
        retained().filter(kept -> kept.ordinal() < position.ordinal()).orElse(position);
    Position room = journal().keeping(mostKept());
    if (until.ordinal() < room.ordinal()) {
      until = room.ordinal() < position.ordinal() ? room : position;
    }
    letGo(until);
  }

  /** What delivered events may take before they make room for new ones. Bytes. */
  private long mostKept() {
    return settings.limit().bytes() / 8 * 7;
  }

  /**
   * From where on events are to stay for replay, though every sink has them; empty when none is.
   */
  private Optional<Position> retained() {
    return settings
        .retain()
        .map(
            retain -> {
              Position bySize =
                  retain.size().map(size -> journal().keeping(size.bytes())).orElse(Position.START);
              Position byTime = retain.time().map(this::writtenSince).orElse(Position.START);
              return bySize.ordinal() > byTime.ordinal() ? bySize : byTime;
            });
  }

  private Position writtenSince(Duration time) {
    return journal().writtenBefore(clock.instant().minus(time));
  }

  @Override
  public boolean dropOldest(long keep) {
    Position kept = journal().keeping(keep);
    if (kept.ordinal() <= dropped) {
      return false;
    }
    dropped = kept.ordinal();
    letGo(kept);
    return true;
  }

  private void letGo(Position before) {
    journal().release(before);
    readers.release(before);
  }

  @Override
  public boolean healthy() {
    return !failed;
  }

  @Override
  public Future<Void> close(Memory memory, Position upTo) {
    Journal closing = journal;
    if (closing == null) {
      return Future.succeededFuture();
    }
    closing.remember(memory.memo(upTo));
    telemetry.closed();
    return Future.fromCompletionStage(closing.shutdown(), context).eventually(readers::close);
  }
}
