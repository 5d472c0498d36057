package io.sluice.source.poll.directory;

import io.sluice.connector.Cursor;
import io.sluice.connector.Intake;
import io.sluice.connector.PollException;
import io.sluice.connector.Step;
import io.sluice.event.Origin;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One poll's way through all files, portion by portion. What is in memory is one portion, the
 * beginning of a line, and a few words for each file. Used by one thread at a time. Blocks.
 */
final class Round implements Closeable {
  /** How much is read in one poll. Bytes. */
  private static final long MOST = 128L << 20;

  /** Less room than this is not worth opening another file for. Bytes. */
  private static final int LEAST = 4 << 10;

  private final DirectorySourceConfig config;
  private final String source;
  private final Clock clock;
  private final Known known;
  private final DirectoryTelemetry telemetry;
  private final Cursor from;
  private final int batchBytes;
  private final int maxEventBytes;
  private final Deque<Plan.Task> tasks = new ArrayDeque<>();

  private boolean planned;
  private long left = MOST;
  private Step step = Step.NONE;
  private Plan.@Nullable Task task;
  private @Nullable Unpacking unpacking;
  private @Nullable Reading reading;

  Round(
      DirectorySourceConfig config,
      String source,
      Clock clock,
      Known known,
      DirectoryTelemetry telemetry,
      Cursor from,
      Intake into) {
    this.config = config;
    this.source = source;
    this.clock = clock;
    this.known = known;
    this.telemetry = telemetry;
    this.from = from;
    this.batchBytes = into.batchBytes();
    this.maxEventBytes = into.maxEventBytes();
  }

  /** The next portion; to be called until one is the last. */
  Portion next() {
    if (!planned) {
      planned = true;
      plan();
    }
    if (left <= 0 && (reading != null || unpacking != null || !tasks.isEmpty())) {
      return portion(Optional.empty(), Portion.Then.MORE);
    }
    if (reading == null && unpacking == null) {
      openNext();
    }
    if (unpacking != null) {
      unpack(unpacking);
      return portion(Optional.empty(), Portion.Then.GO_ON);
    }
    return reading == null ? portion(Optional.empty(), Portion.Then.ALL) : read(reading);
  }

  private Portion portion(Optional<Lines> lines, Portion.Then then) {
    Origin origin = new Origin(source, Origin.ANONYMOUS, config.contentType(), clock.instant());
    Step with = lines.map(Lines::step).orElse(step);
    Portion portion = new Portion(lines.flatMap(some -> some.batch(origin)), with, then);
    // Without a batch, the step goes with the next one.
    step = portion.batch().isPresent() ? Step.NONE : with;
    return portion;
  }

  private void plan() {
    Survey survey;
    try {
      survey = Survey.of(config.glob(), config.followLinks());
    } catch (NoSuchFileException | NotDirectoryException missing) {
      throw PollException.lasting("no-directory", config.glob().root() + " is no directory");
    } catch (IOException failed) {
      throw PollException.passing("unreadable", config.glob().root() + " cannot be read");
    }
    survey.unreadable().forEach(each -> telemetry.unreadable(each.toString(), "access"));
    Instant now = clock.instant();
    long nanos = System.nanoTime();
    known.retain(survey.files().keySet());
    survey.files().values().forEach(file -> known.found(file, nanos));
    Plan plan =
        Plan.of(
            survey,
            from,
            known,
            file -> known.settled(file, config.settle(), now, nanos),
            telemetry);
    step = plan.step();
    tasks.addAll(plan.read());
    if (config.after() != After.KEEP) {
      Map<String, Optional<String>> gone = new HashMap<>();
      plan.finished().stream()
          .filter(this::finish)
          .forEach(file -> gone.put(file.identity(), Optional.empty()));
      step = step.then(new Step(gone));
    }
  }

  /** Does what is to be done when all of a file is kept; whether it is gone. */
  private boolean finish(Found file) {
    try {
      return new Farewell(config.moveTo()).bid(file);
    } catch (NoSuchFileException gone) {
      // Somebody else did it.
    } catch (IOException failed) {
      telemetry.stays(file.name(), failed.getClass().getSimpleName());
    }
    return false;
  }

  private void open(Plan.Task task) {
    Found file = task.file();
    try {
      FileChannel channel = FileChannel.open(file.path(), StandardOpenOption.READ);
      try {
        begin(task, channel);
      } catch (IOException failed) {
        channel.close();
        throw failed;
      }
    } catch (NoSuchFileException gone) {
      // The next poll finds it under its new name, if it has one.
    } catch (IOException failed) {
      telemetry.unreadable(file.name(), failed.getClass().getSimpleName());
    }
  }

  private void begin(Plan.Task task, FileChannel channel) throws IOException {
    Found file = task.file();
    Mark mark = task.mark().orElse(null);
    if (!file.again().identity().equals(file.identity())) {
      channel.close();
    } else if (file.packed()) {
      Unpacking begun = new Unpacking(channel, file, mark);
      if (begun.known() && mark != null && mark.complete(file.size())) {
        begun.close();
        known.nothingMore(file, Optional.of(mark.text()), false);
      } else {
        unpacking = begun;
      }
    } else {
      Opened opened =
          mark == null ? Opened.plain(channel, file) : Opened.plain(channel, file, mark);
      begin(task, opened);
    }
  }

  private void begin(Plan.Task task, Opened opened) {
    if (task.mark().isPresent() && opened.offset() < task.mark().get().offset()) {
      telemetry.replaced(task.file().name());
    }
    reading = new Reading(task.file(), opened, task.settled(), maxEventBytes);
  }

  private void unpack(Unpacking unpacking) {
    Plan.Task task = task();
    try {
      Optional<Opened> opened = unpacking.step();
      if (unpacking.broken()) {
        telemetry.broken(task.file().name());
        known.nothingMore(task.file(), task.mark().map(Mark::text), false);
        leave();
      } else if (opened.isPresent()) {
        this.unpacking = null;
        begin(task, opened.get());
      }
    } catch (IOException failed) {
      telemetry.unreadable(task.file().name(), failed.getClass().getSimpleName());
      leave();
    }
  }

  /** Reads on, one file after the other, until a batch is full. */
  private Portion read(Reading first) {
    int size = Math.max(batchBytes, first.needs());
    Lines lines = new Lines(size, config.key() == EventKey.FILE, step, telemetry);
    int at = fill(first, lines, 0);
    while (reading == null && left > 0) {
      openNext();
      Reading next = reading;
      if (next == null || size - at < Math.max(LEAST, next.needs())) {
        break;
      }
      at = fill(next, lines, at);
    }
    return portion(Optional.of(lines), Portion.Then.GO_ON);
  }

  /** Opens the next file that can be opened, if there is one. */
  private void openNext() {
    while (reading == null && unpacking == null && !tasks.isEmpty()) {
      task = tasks.remove();
      open(task);
    }
  }

  /** Reads one file as far as it goes, and leaves it at its end; where there is room behind. */
  private int fill(Reading now, Lines lines, int at) {
    Found file = now.file();
    try {
      int behind = now.fill(lines, at);
      left -= behind - at;
      Optional<String> before = task().mark().map(Mark::text);
      Mark mark = now.mark();
      Optional<String> text =
          before.isEmpty() && mark.offset() == 0 ? before : Optional.of(mark.text());
      if (!text.equals(before)) {
        lines.reached(file.identity(), mark);
      }
      if (now.ended()) {
        known.nothingMore(file, text, now.waits());
        leave();
      }
      return behind;
    } catch (IOException failed) {
      telemetry.unreadable(file.name(), failed.getClass().getSimpleName());
      leave();
      return at;
    }
  }

  private Plan.Task task() {
    return Objects.requireNonNull(task);
  }

  /** Closes the file that is open, if one is. */
  private void leave() {
    Reading open = reading;
    Unpacking begun = unpacking;
    reading = null;
    unpacking = null;
    try {
      if (open != null) {
        open.close();
      }
      if (begun != null) {
        begun.close();
      }
    } catch (IOException failed) {
      // It was only read.
    }
  }

  @Override
  public void close() {
    leave();
  }
}
