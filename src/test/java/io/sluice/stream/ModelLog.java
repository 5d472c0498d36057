package io.sluice.stream;

import io.sluice.event.Ack;
import io.sluice.event.Batch;
import io.sluice.event.Position;
import io.sluice.event.Refusal;
import io.sluice.journal.Memo;
import io.sluice.journal.Remembered;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;

/**
 * A log over a disk that is a list: what is on it stays when the process is killed. Confined to its
 * stream's event loop, but for the disk, which is looked at under its lock.
 */
final class ModelLog implements Log {
  /** What survives. */
  static final class Disk {
    final UUID identity = UUID.randomUUID();
    final List<Entry> entries = new ArrayList<>();
    Position next = Position.START;
    Remembered memo = new Remembered(Position.START, Optional.of(new byte[0]), new TreeMap<>());
    Position cursor = Position.START;
    boolean any;

    /** Whether a run told what it remembers after its end, when another may have the disk. */
    boolean toldLate;
  }

  private record Queued(Batch batch, Ticket ticket) {}

  private final Vertx vertx;
  private final Disk disk;
  private final Random random;
  private final ArrayDeque<Queued> queue = new ArrayDeque<>();
  private Keeper keeper;
  private int told;
  private boolean scheduled;
  private boolean closed;
  volatile boolean dead;

  ModelLog(Vertx vertx, Disk disk, long seed) {
    this.vertx = vertx;
    this.disk = disk;
    this.random = new Random(seed);
  }

  @Override
  public Future<Opened> open(Keeper told, Optional<KeysMade> keys) {
    keeper = told;
    synchronized (disk) {
      disk.next = new Position(disk.next.epoch() + 1, disk.next.ordinal());
      try {
        Memory memory = MemoryImage.read(disk.memo, disk.next.ordinal(), keys);
        return Future.succeededFuture(new Opened(memory, disk.memo.upTo()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public UUID identity() {
    return disk.identity;
  }

  @Override
  public void remember(Memory memory, Position upTo) {
    disk.toldLate |= closed;
    if (!dead && ++told % 7 == 0) {
      save(memory, upTo);
    }
  }

  private void save(Memory memory, Position upTo) {
    Memo memo = memory.memo(upTo);
    TreeMap<Long, byte[]> parts = new TreeMap<>();
    memo.parts().forEach((number, bytes) -> parts.put(number, bytes.get()));
    synchronized (disk) {
      if (!dead) {
        disk.memo = new Remembered(upTo, Optional.of(memo.head().get()), parts);
      }
    }
  }

  @Override
  public Position remembered() {
    synchronized (disk) {
      return disk.memo.upTo();
    }
  }

  @Override
  public void follow(StreamSettings settings) {
    // nothing follows
  }

  @Override
  public Ack promise() {
    return Ack.STORED;
  }

  @Override
  public void append(Batch batch, Ticket ticket) {
    queue.add(new Queued(batch, ticket));
    if (!scheduled) {
      scheduled = true;
      vertx.setTimer(1 + random.nextInt(4), write -> write());
    }
  }

  private void write() {
    scheduled = false;
    List<Queued> group = new ArrayList<>(queue);
    queue.clear();
    if (dead) {
      return;
    }
    if (closed) {
      group.forEach(each -> keeper.refused(each.ticket(), Refusal.DRAINING));
      return;
    }
    List<Position> firsts = new ArrayList<>();
    synchronized (disk) {
      if (dead) {
        return;
      }
      for (Queued each : group) {
        firsts.add(disk.next);
        disk.entries.add(new Entry(disk.next, each.batch()));
        disk.next = disk.next.plus(each.batch().size());
      }
    }
    for (int i = 0; i < group.size() && !dead; i++) {
      keeper.kept(firsts.get(i), group.get(i).ticket());
    }
  }

  @Override
  public Position first() {
    return Position.START;
  }

  @Override
  public Position next() {
    synchronized (disk) {
      return disk.next;
    }
  }

  @Override
  public long bytes() {
    return 0;
  }

  @Override
  public long bytesFrom(long ordinal) {
    return 0;
  }

  @Override
  public Position resume(Position held) {
    return held;
  }

  @Override
  public Future<List<Entry>> read(Position from, long most) {
    List<Entry> read = new ArrayList<>();
    synchronized (disk) {
      for (Entry entry : disk.entries) {
        if (entry.end() > from.ordinal() && read.size() < 3) {
          read.add(entry.from(from.ordinal()));
        }
      }
    }
    return vertx.timer(1).map(later -> read);
  }

  @Override
  public Optional<Position> cursor(String sink) {
    synchronized (disk) {
      return Optional.of(disk.cursor);
    }
  }

  @Override
  public Map<String, Position> cursors() {
    return Map.of();
  }

  @Override
  public void forgetCursor(String sink) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void keepCursor(String sink, Position position) {
    synchronized (disk) {
      if (!dead) {
        disk.cursor = position;
      }
    }
  }

  @Override
  public void release(Position position) {
    // everything stays, to be looked at
  }

  @Override
  public boolean dropOldest(long keep) {
    return false;
  }

  @Override
  public boolean healthy() {
    return true;
  }

  @Override
  public Future<Void> close(Memory memory, Position upTo) {
    closed = true;
    if (!dead) {
      save(memory, upTo);
    }
    return Future.succeededFuture();
  }
}
