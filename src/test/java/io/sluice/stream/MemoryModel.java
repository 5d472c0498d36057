package io.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.event.Ack;
import io.sluice.event.Batch;
import io.sluice.event.Columns;
import io.sluice.event.Origin;
import io.sluice.event.Position;
import io.sluice.event.Refusal;
import io.sluice.event.Sequence;
import io.sluice.flow.Put;
import io.sluice.journal.Appended;
import io.sluice.journal.Commits;
import io.sluice.journal.CrashingJournal;
import io.sluice.journal.Entry;
import io.sluice.journal.Journal;
import io.sluice.journal.JournalReader;
import io.sluice.journal.Sync;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
 * Lives of a stream's memory over a journal on a disk that fills up and loses power, told by a
 * seed, beside an oracle that reads the whole log and looks everything up.
 *
 * <p>Clients count their events and send again whatever was not acknowledged; other clients send
 * events with ids, again and again. Whatever happens, the log holds each numbered event once and
 * without a gap, each id once within the window, and everything that was acknowledged.
 */
final class MemoryModel implements Commits {
  private static final long WINDOW = 10_000;
  private static final int SESSIONS = 3;

  /** What a ticket was for. */
  private record Sent(Ticket ticket, Batch batch, int client, boolean ids) {}

  /** What the log has, and what of it was released, by the first event's ordinal. */
  private final TreeMap<Long, Batch> log = new TreeMap<>();

  private final Random random;
  private final boolean dedupe;
  private final Sync sync;
  private final CrashingJournal disk;
  private long millis = 1_700_000_000_000L;
  private long nanos;
  private Journal journal;
  private Memory memory;
  private Position next = Position.START;
  private long rememberedIn;
  private final Map<Ticket, Sent> sent = new HashMap<>();

  /** Acknowledged: ids with the time they were received, and how far each session was. */
  private final Map<String, Long> promisedIds = new HashMap<>();

  private final long[] promised = new long[SESSIONS];
  private int repeatsSeen;
  private int crashes;

  MemoryModel(long seed, boolean dedupe, Sync sync) throws IOException {
    this.random = new Random(seed);
    this.dedupe = dedupe;
    this.sync = sync;
    this.disk =
        new CrashingJournal(
            sync, Clock.fixed(Instant.ofEpochMilli(millis), ZoneOffset.UTC), () -> nanos, random);
    open();
  }

  private Optional<KeysMade> keys() {
    return dedupe
        ? Optional.of(
            new KeysMade(new Dedupe(By.parse("/id"), Duration.ofMillis(WINDOW), 5000, false)))
        : Optional.empty();
  }

  /** Power may go while opening, too; says whether it did. */
  private boolean open() throws IOException {
    boolean cut = false;
    while (true) {
      if (random.nextInt(3) == 0) {
        disk.cutAfter(random.nextInt(25));
      }
      try {
        journal = disk.open(this);
        memory = Recovered.memory(journal, keys());
        next = journal.next();
        remember();
        disk.cutAfter(Integer.MAX_VALUE / 2);
        return cut;
      } catch (Error e) {
        if (!CrashingJournal.isCut(e)) {
          throw e;
        }
        cut = true;
        disk.restart();
      }
    }
  }

  private void remember() {
    rememberedIn = journal.segment();
    journal.remember(memory.memo(next));
  }

  void live(int actions) throws IOException {
    for (int i = 0; i < actions; i++) {
      try {
        act();
      } catch (Error e) {
        if (!CrashingJournal.isCut(e)) {
          throw e;
        }
      }
      if (disk.isDead()) {
        crash(true);
      }
    }
    crash(random.nextBoolean());
    assertThat(crashes).isPositive();
  }

  private void act() throws IOException {
    nanos += random.nextInt(2_000_000);
    millis += random.nextInt(200);
    int dice = random.nextInt(100);
    if (dice < 25) {
      arrive(numbered(random.nextInt(SESSIONS)));
    } else if (dice < 45) {
      arrive(withIds());
    } else if (dice < 70) {
      disk.write(journal);
    } else if (dice < 82) {
      disk.keep(journal);
    } else if (dice < 86) {
      memory.expire(millis);
    } else if (dice < 90) {
      release();
    } else if (dice < 93) {
      disk.room(random.nextInt(3) == 0 ? random.nextInt(10_000) : -1);
      nanos += 1_500_000_000L * random.nextInt(2);
    } else if (dice < 96) {
      disk.cutAfter(random.nextInt(20));
    } else if (dice < 97) {
      disk.room(-1);
      crash(false);
    } else if (dice < 98) {
      disk.room(-1);
      end();
    }
  }

  /** A client goes on from what it knows is there, or from somewhat before. */
  private Sent numbered(int client) {
    String session = "s" + client;
    long from = Math.max(1, promised[client] + 1 - random.nextInt(4));
    int events = 1 + random.nextInt(6);
    List<String> payloads = new ArrayList<>();
    for (long number = from; number < from + events; number++) {
      payloads.add("{\"s\":\"" + session + "\",\"n\":" + number + filler() + "}");
    }
    Batch batch = batch(payloads).numbered(Sequence.of(session, from, events));
    return new Sent(ticket(batch), batch, client, false);
  }

  private Sent withIds() {
    List<String> payloads = new ArrayList<>();
    for (int i = 1 + random.nextInt(6); i > 0; i--) {
      String id = "\"id\":\"i" + random.nextInt(60) + "\"";
      payloads.add("{\"at\":" + millis + "," + id + filler() + "}");
    }
    Batch batch = batch(payloads);
    return new Sent(ticket(batch), batch, -1, true);
  }

  private String filler() {
    return ",\"x\":\"" + "x".repeat(random.nextInt(400)) + "\"";
  }

  private Batch batch(List<String> payloads) {
    ByteArrayOutputStream region = new ByteArrayOutputStream();
    int[] bounds = new int[2 * payloads.size()];
    for (int i = 0; i < payloads.size(); i++) {
      bounds[2 * i] = region.size();
      region.writeBytes(payloads.get(i).getBytes(StandardCharsets.UTF_8));
      bounds[2 * i + 1] = region.size();
      region.write('\n');
    }
    Origin origin =
        new Origin("app", Origin.ANONYMOUS, "application/json", Instant.ofEpochMilli(millis));
    return Batch.of(region.toByteArray(), bounds, true, origin, Columns.NONE);
  }

  private static Ticket ticket(Batch batch) {
    return new Ticket(new Put(batch, Ack.STORED), () -> {}, answer -> {});
  }

  private void arrive(Sent what) {
    sent.put(what.ticket(), what);
    admit(what.ticket());
  }

  private void admit(Ticket ticket) {
    Memory.Arrival arrival = memory.arrived(ticket, this::admit);
    if (arrival instanceof Memory.Arrival.Gap) {
      sent.remove(ticket);
    } else if (arrival instanceof Memory.Arrival.Taken) {
      repeatsSeen += ticket.duplicates();
      if (ticket.appends()) {
        journal.append(ticket.appended(), ticket);
      } else if (ticket.due()) {
        settled(ticket);
      }
    }
  }

  @Override
  public void committed(List<Appended> group) {
    for (Appended each : group) {
      next = each.next();
      log.put(each.first().ordinal(), each.batch());
      Ticket ticket = (Ticket) each.attachment();
      memory.kept(each.first(), ticket);
      resolve(ticket, each.next().ordinal());
      ticket.followers().forEach(follower -> resolve(follower, each.next().ordinal()));
      ticket.then().forEach(Runnable::run);
    }
    if (rememberedIn != journal.segment()) {
      remember();
    }
  }

  private void resolve(Ticket ticket, long end) {
    ticket.resolved(end);
    if (ticket.due()) {
      settled(ticket);
    }
  }

  @Override
  public void refused(List<Appended> group, Refusal why) {
    for (Appended each : group) {
      Ticket ticket = (Ticket) each.attachment();
      memory.refused(ticket);
      spoil(ticket, why);
      ticket.followers().forEach(follower -> spoil(follower, why));
      ticket.then().forEach(Runnable::run);
    }
  }

  private void spoil(Ticket ticket, Refusal why) {
    ticket.spoiled(why);
    if (ticket.due()) {
      settled(ticket);
    }
  }

  @Override
  public void failed(List<Appended> group, IOException cause) {
    assertThat(disk.isDead()).as("failed without a fault: " + cause).isTrue();
  }

  /** The client hears of it: what is acknowledged, it counts on. */
  private void settled(Ticket ticket) {
    Sent what = sent.remove(ticket);
    if (ticket.spoiled().isPresent()) {
      return;
    }
    if (what.ids()) {
      for (String id : ids(what.batch())) {
        promisedIds.merge(id, used(what.batch()), Math::max);
      }
    } else {
      long last = what.batch().sequence().orElseThrow().last();
      promised[what.client()] = Math.max(promised[what.client()], last);
    }
  }

  private static long used(Batch batch) {
    return batch.origin().received().toEpochMilli();
  }

  private void release() {
    long to = random.nextInt((int) next.ordinal() + 1);
    journal.saveCursor("sink", next);
    journal.release(journal.resume(new Position(next.epoch(), to)));
  }

  private void crash(boolean power) throws IOException {
    crashes++;
    if (power) {
      disk.restart();
    } else {
      disk.processDied();
    }
    disk.room(-1);
    sent.clear();
    boolean cut = open() || power;
    check(!cut || sync.equals(Sync.ALWAYS));
  }

  private void end() throws IOException {
    journal.remember(memory.memo(next));
    disk.end(journal);
    if (!disk.isDead()) {
      sent.clear();
      boolean cut = open();
      check(!cut || sync.equals(Sync.ALWAYS));
    }
  }

  /** Looks everything up in the log itself. */
  private void check(boolean kept) throws IOException {
    reread();
    Map<String, List<Long>> byId = new HashMap<>();
    List<Set<Long>> numbers = new ArrayList<>();
    for (int client = 0; client < SESSIONS; client++) {
      numbers.add(new HashSet<>());
    }
    log.values().forEach(batch -> look(batch, byId, numbers));
    for (int client = 0; client < SESSIONS; client++) {
      long known = memory.through("s" + client).result();
      assertThat(known).as("session s" + client).isEqualTo(through(numbers.get(client)));
      if (kept) {
        assertThat(known).as("acknowledged").isGreaterThanOrEqualTo(promised[client]);
      }
      promised[client] = known;
    }
    if (dedupe) {
      byId.forEach(MemoryModel::onceInAWindow);
    }
    if (kept) {
      promisedIds.forEach((id, at) -> thereIn(byId.getOrDefault(id, List.of()), id, at));
    }
    promisedIds.clear();
  }

  private void reread() throws IOException {
    log.tailMap(journal.first().ordinal()).clear();
    try (JournalReader reader = journal.reader(journal.first())) {
      for (Optional<Entry> entry = reader.read(); entry.isPresent(); entry = reader.read()) {
        log.put(entry.get().first().ordinal(), entry.get().batch());
      }
    }
  }

  private static void look(Batch batch, Map<String, List<Long>> byId, List<Set<Long>> numbers) {
    Optional<Sequence> sequence = batch.sequence();
    for (int i = 0; i < batch.size(); i++) {
      String text = text(batch, i);
      if (sequence.isPresent()) {
        int client = sequence.get().session().charAt(1) - '0';
        int at = text.indexOf("\"n\":") + 4;
        long number = Long.parseLong(text.substring(at, text.indexOf(',', at)));
        assertThat(numbers.get(client).add(number)).as("doubled " + text).isTrue();
      } else {
        byId.computeIfAbsent(id(text), id -> new ArrayList<>()).add(used(batch));
      }
    }
  }

  private static long through(Set<Long> numbers) {
    long through = 0;
    while (numbers.contains(through + 1)) {
      through++;
    }
    return through;
  }

  private static void onceInAWindow(String id, List<Long> times) {
    for (int i = 1; i < times.size(); i++) {
      assertThat(times.get(i) - times.get(i - 1))
          .as("doubled %s: %s", id, times)
          .isGreaterThanOrEqualTo(WINDOW);
    }
  }

  private static void thereIn(List<Long> times, String id, long at) {
    assertThat(times)
        .as("%s acknowledged at %d", id, at)
        .anyMatch(time -> time <= at && at - time < WINDOW);
  }

  private static String id(String text) {
    int at = text.indexOf("\"id\":\"") + 6;
    return text.substring(at, text.indexOf('"', at));
  }

  private static List<String> ids(Batch batch) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      ids.add(id(text(batch, i)));
    }
    return ids;
  }

  private static String text(Batch batch, int event) {
    return new String(
        batch.region(),
        batch.start(event),
        batch.end(event) - batch.start(event),
        StandardCharsets.UTF_8);
  }

  int repeatsSeen() {
    return repeatsSeen;
  }
}
