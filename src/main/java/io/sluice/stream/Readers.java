package io.sluice.stream;

import io.sluice.event.Position;
import io.sluice.journal.Journal;
import io.sluice.journal.JournalReader;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a journal for sinks that are behind, off the event loop. Readers are kept open where they
 * stopped, so that a sink which catches up reads on and never seeks. Confined to the stream's event
 * loop, but for the reading itself.
 */
final class Readers {
  /** How many readers stay open: about as many as sinks are behind at the same time. */
  private static final int KEPT = 8;

  private final WorkerExecutor worker;
  private final ArrayDeque<JournalReader> idle = new ArrayDeque<>();

  Readers(Vertx vertx) {
    this.worker = vertx.createSharedWorkerExecutor("sluice-read", 2);
  }

  /**
   * Reads entries that follow each other.
   *
   * @param end the ordinal to stop before
   * @param most about how many bytes to read; one entry is read in any case
   */
  Future<List<Log.Entry>> read(Journal journal, Position from, long end, long most) {
    Optional<JournalReader> standing =
        idle.stream().filter(reader -> reader.position().ordinal() == from.ordinal()).findFirst();
    standing.ifPresent(idle::remove);
    JournalReader reader = standing.orElseGet(() -> journal.reader(from));
    return worker
        .executeBlocking(() -> read(reader, end, most), false)
        .onSuccess(done -> keep(reader))
        .onFailure(failure -> close(reader));
  }

  private static List<Log.Entry> read(JournalReader reader, long end, long most)
      throws IOException {
    List<Log.Entry> entries = new ArrayList<>();
    long weight = 0;
    while (weight < most && reader.position().ordinal() < end) {
      var entry = reader.read();
      if (entry.isEmpty()) {
        break;
      }
      entries.add(new Log.Entry(entry.get().first(), entry.get().batch()));
      weight += entry.get().batch().weight();
    }
    return entries;
  }

  private void keep(JournalReader reader) {
    idle.addLast(reader);
    if (idle.size() > KEPT) {
      close(idle.removeFirst());
    }
  }

  /** Nothing before a position is read again: open files would keep the room of its segments. */
  void release(Position before) {
    idle.removeIf(
        reader -> {
          boolean passed = reader.position().ordinal() < before.ordinal();
          if (passed) {
            close(reader);
          }
          return passed;
        });
  }

  private void close(JournalReader reader) {
    worker.executeBlocking(
        () -> {
          reader.close();
          return true;
        },
        false);
  }

  Future<Void> close() {
    List<JournalReader> all = List.copyOf(idle);
    idle.clear();
    return worker
        .executeBlocking(
            () -> {
              for (JournalReader reader : all) {
                reader.close();
              }
              return true;
            },
            false)
        .eventually(worker::close)
        .mapEmpty();
  }
}
