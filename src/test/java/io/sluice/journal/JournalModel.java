package io.sluice.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.event.Batch;
import io.sluice.event.Position;
import io.sluice.event.Refusal;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * One life of a journal on a disk that loses power, told by a seed, beside what must be true of it.
 *
 * <p>What was committed must be there, at its position and unaltered, after anything; what was not
 * may be there or not; nothing else may. Drives the journal's two thread bodies itself, so that a
 * seed replays to the byte.
 */
final class JournalModel implements Commits {
  private static final JournalOptions OPTIONS =
      JournalOptions.DEFAULTS
          .withSegmentBytes(16 << 10)
          .withMaxCommitDelay(Duration.ZERO)
          .withCursorEvery(Duration.ZERO);

  private final Random random;
  private final JournalOptions options;
  private final PowerCutDisk disk = new PowerCutDisk();
  private long nanos;

  private Journal journal;
  private int serial;

  /** Committed or recovered, by ordinal. */
  private final TreeMap<Long, Event> kept = new TreeMap<>();

  /** Given to the journal in this life of the process and not committed. */
  private final Set<String> open = new HashSet<>();

  private final Set<String> refused = new HashSet<>();
  private final Map<String, List<Position>> cursors = new HashMap<>();
  private final Map<String, Integer> durableCursors = new HashMap<>();
  private long released;
  private boolean failed;
  private boolean ending;

  private record Event(int epoch, String payload) {}

  JournalModel(long seed, Sync sync) throws IOException {
    this.random = new Random(seed);
    this.options = OPTIONS.withSync(sync);
    this.journal = opened();
  }

  private Journal opened() throws IOException {
    return Journal.open(
        new Surroundings(
            disk,
            Clock.fixed(Instant.ofEpochSecond(1_700_000_000), ZoneOffset.UTC),
            () -> nanos,
            random::nextLong,
            () -> 0),
        options,
        this);
  }

  @Override
  public void committed(List<Appended> group) {
    for (Appended each : group) {
      assertThat(each.first().ordinal())
          .isEqualTo(
              kept.isEmpty()
                  ? each.first().ordinal()
                  : Math.max(kept.lastKey() + 1, each.first().ordinal()));
      keep(each.first(), each.batch());
      open.removeAll(Batches.payloads(each.batch()));
    }
  }

  private void keep(Position first, Batch batch) {
    List<String> payloads = Batches.payloads(batch);
    for (int i = 0; i < payloads.size(); i++) {
      kept.put(first.ordinal() + i, new Event(first.epoch(), payloads.get(i)));
    }
  }

  @Override
  public void refused(List<Appended> group, Refusal why) {
    for (Appended each : group) {
      open.removeAll(Batches.payloads(each.batch()));
      refused.addAll(Batches.payloads(each.batch()));
    }
  }

  @Override
  public void failed(List<Appended> group, IOException cause) {
    failed = true;
  }

  void live(int actions) throws IOException {
    for (int i = 0; i < actions; i++) {
      try {
        act();
      } catch (PowerCutDisk.PowerCut e) {
        assertThat(disk.isDead()).isTrue();
      }
      if (disk.isDead()) {
        crash(true);
      }
      assertThat(failed).as("failed without a fault").isFalse();
    }
    disk.room(Long.MAX_VALUE);
    crash(random.nextBoolean());
    check(readAll());
  }

  private void act() throws IOException {
    nanos += random.nextInt(1_000_000);
    int dice = random.nextInt(100);
    if (dice < 40) {
      append();
    } else if (dice < 65) {
      journal.step();
    } else if (dice < 75) {
      journal.keeper.turn();
    } else if (dice < 82) {
      saveCursor();
    } else if (dice < 86) {
      release();
    } else if (dice < 89) {
      check(readAll());
    } else if (dice < 92) {
      disk.room(random.nextInt(3) == 0 ? disk.used() + random.nextInt(20_000) : Long.MAX_VALUE);
      nanos += 1_000_000_000L * random.nextInt(2);
    } else if (dice < 96) {
      disk.cutAfter(random.nextInt(12));
    } else if (dice < 97) {
      disk.room(Long.MAX_VALUE);
      crash(false);
    } else if (dice < 98) {
      disk.room(Long.MAX_VALUE);
      restart();
    }
  }

  private void append() {
    for (int batches = 1 + random.nextInt(4); batches > 0; batches--) {
      String[] lines = new String[1 + random.nextInt(4)];
      int filler = random.nextInt(40) == 0 ? 12_000 : random.nextInt(900);
      for (int i = 0; i < lines.length; i++) {
        lines[i] = "e" + serial++ + "-" + "x".repeat(filler);
        open.add(lines[i]);
      }
      journal.append(Batches.lines(lines), "");
    }
  }

  private void saveCursor() {
    String sink = "sink-" + random.nextInt(2);
    List<Position> saved = cursors.computeIfAbsent(sink, name -> new ArrayList<>());
    saved.add(journal.next());
    int index = saved.size() - 1;
    journal.saveCursor(sink, saved.get(index), () -> durableCursors.merge(sink, index, Math::max));
  }

  private void release() {
    long span = journal.next().ordinal() - journal.first().ordinal();
    long to = journal.first().ordinal() + (span == 0 ? 0 : random.nextInt((int) span + 1));
    released = Math.max(released, to);
    journal.release(journal.resume(new Position(journal.next().epoch(), to)));
  }

  /** The process dies, perhaps with the power, and another opens what is left. */
  private void crash(boolean power) throws IOException {
    Position before = journal.next();
    if (power) {
      disk.restart(random);
    } else {
      disk.processDied();
    }
    failed = false;
    disk.room(Long.MAX_VALUE);
    boolean powerLost = reopen() || power;
    assertThat(journal.next().epoch()).isGreaterThanOrEqualTo(before.epoch() + (ending ? 0 : 1));
    ending = false;
    boolean promised = !powerLost || options.sync().always();
    recovered(promised);
  }

  /** Power may go again while recovering; says whether it did. */
  private boolean reopen() throws IOException {
    boolean powerLost = false;
    while (true) {
      if (random.nextInt(4) == 0) {
        disk.cutAfter(random.nextInt(15));
      }
      try {
        journal = opened();
        disk.cutAfter(Integer.MAX_VALUE / 2);
        return powerLost;
      } catch (PowerCutDisk.PowerCut e) {
        powerLost = true;
        disk.restart(random);
      }
    }
  }

  /** What is there now is what counts from now on. */
  private void recovered(boolean promised) throws IOException {
    TreeMap<Long, Event> found = readAll();
    long first = journal.first().ordinal();
    assertThat(first).as("released too much").isLessThanOrEqualTo(Math.max(released, 0));
    found.forEach(
        (ordinal, event) -> {
          Event known = kept.get(ordinal);
          if (known == null || !known.equals(event)) {
            assertThat(promised && known != null).as("altered " + ordinal).isFalse();
            assertThat(open.contains(event.payload()) || contains(event))
                .as("invented " + event)
                .isTrue();
          }
        });
    if (promised) {
      kept.tailMap(first)
          .forEach(
              (ordinal, event) ->
                  assertThat(found).as("committed is lost").containsEntry(ordinal, event));
    }
    for (Damage damage : journal.damage()) {
      assertThat(damage.forced() && promised).as("false alarm " + damage).isFalse();
    }
    cursorsAreSound();
    kept.clear();
    kept.putAll(found);
    open.clear();
  }

  private boolean contains(Event event) {
    return kept.containsValue(event);
  }

  private void cursorsAreSound() {
    Map<String, Position> found = journal.cursors();
    cursors.forEach(
        (sink, saved) -> {
          int durable = durableCursors.getOrDefault(sink, -1);
          Position position = found.get(sink);
          if (position == null) {
            assertThat(durable).as("cursor lost").isEqualTo(-1);
            saved.clear();
          } else {
            assertThat(saved.subList(Math.max(0, durable), saved.size())).contains(position);
            saved.clear();
            saved.add(position);
            durableCursors.put(sink, 0);
          }
        });
  }

  private void restart() throws IOException {
    ending = true; // a cut from here on may find it ended in order, or not
    journal.shutdown();
    journal.drain();
    if (disk.isDead()) {
      return;
    }
    Position next = journal.next();
    open.clear();
    TreeMap<Long, Event> before = new TreeMap<>(kept);
    journal = opened();
    ending = false;
    assertThat(journal.next()).isEqualTo(next);
    assertThat(journal.stats().cleanStart()).isTrue();
    check(readAll());
    assertThat(kept).isEqualTo(before);
    cursorsAreSound();
  }

  /** While it runs, exactly what was committed can be read. */
  private void check(TreeMap<Long, Event> found) {
    assertThat(found).isEqualTo(new TreeMap<>(kept.tailMap(journal.first().ordinal())));
  }

  private TreeMap<Long, Event> readAll() throws IOException {
    TreeMap<Long, Event> found = new TreeMap<>();
    try (JournalReader reader = journal.reader(journal.first())) {
      long last = -1;
      for (Optional<Entry> entry = reader.read(); entry.isPresent(); entry = reader.read()) {
        Entry is = entry.get();
        assertThat(is.first().ordinal()).isGreaterThan(last);
        List<String> payloads = Batches.payloads(is.batch());
        for (int i = 0; i < payloads.size(); i++) {
          last = is.first().ordinal() + i;
          found.put(last, new Event(is.first().epoch(), payloads.get(i)));
        }
      }
    }
    return found;
  }
}
