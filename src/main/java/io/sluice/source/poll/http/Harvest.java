package io.sluice.source.poll.http;

import io.sluice.codec.JsonFields;
import io.sluice.codec.Limits;
import io.sluice.codec.RecordStream;
import io.sluice.codec.Shape;
import io.sluice.codec.Split;
import io.sluice.codec.Splitter;
import io.sluice.codec.Timestamps;
import io.sluice.connector.Intake;
import io.sluice.connector.PollException;
import io.sluice.connector.Step;
import io.sluice.event.Batch;
import io.sluice.event.Columns;
import io.sluice.event.Origin;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Makes batches of the records of one page, and puts them. Holds little more than one batch, or one
 * record where that is larger; whoever feeds it sees to it that this is {@linkplain #count
 * counted}. Confined to the event loop of its poll.
 */
final class Harvest implements RecordStream.Output {
  private static final int MAX_EVENTS = 10_000;
  private static final int SLACK = 256;

  /** What one step of undoing a content coding may bring before it counts as a bomb. */
  private static final int MAX_QUEUED = 16 << 20;

  private final Intake into;
  private final Shape shape;
  private final Origin origin;
  private final Optional<String> id;
  private final Optional<String> time;
  private final Optional<Reach> reach;
  private final Splitter splitter;
  private final CRC32C digest = new CRC32C();
  private final Deque<Raw> queue = new ArrayDeque<>();
  private byte[] region = {};
  private int[] bounds = new int[64];
  private int size;
  private int start;
  private int bound;
  private long queued;
  private long records;
  private boolean bomb;
  private Step owed = Step.NONE;
  private @Nullable Batch last;

  /** Records that are whole, not looked at yet. */
  private static final class Raw {
    private final byte[] region;
    private final int[] bounds;

    Raw(byte[] region, int[] bounds) {
      this.region = region;
      this.bounds = bounds;
    }
  }

  /**
   * Nothing found yet.
   *
   * @param shape {@link Shape#JSON} or {@link Shape#OPAQUE}, of each record
   * @param reach follows the cursor, where that is in the records
   */
  Harvest(
      Intake into,
      Shape shape,
      Origin origin,
      Optional<String> id,
      Optional<String> time,
      Optional<Reach> reach) {
    this.into = into;
    this.shape = shape;
    this.origin = origin;
    this.id = id;
    this.time = time;
    this.reach = reach;
    this.splitter =
        new Splitter(
            Limits.USUAL.withMaxEventBytes(into.maxEventBytes()).withMaxEvents(MAX_EVENTS));
  }

  @Override
  public boolean append(byte[] bytes, int from, int to) {
    int length = to - from;
    bomb = queued > MAX_QUEUED;
    if (bomb || size - start + length > into.maxEventBytes()) {
      return false;
    }
    if (region.length - size <= length) {
      int room = Math.max(into.batchBytes() + SLACK, size + length + SLACK);
      region = Arrays.copyOf(region, Math.max(room, Math.min(2 * region.length, room * 2)));
    }
    System.arraycopy(bytes, from, region, size, length);
    size += length;
    return true;
  }

  @Override
  public void end() {
    if (blank()) {
      size = start;
      return;
    }
    if (bound == bounds.length) {
      bounds = Arrays.copyOf(bounds, 2 * bound);
    }
    bounds[bound++] = start;
    bounds[bound++] = size;
    // A byte behind each is the splitter's.
    size++;
    start = size;
    if (size + 4 * bound >= into.batchBytes() || bound == 2 * MAX_EVENTS) {
      cut();
    }
  }

  private boolean blank() {
    for (int at = start; at < size; at++) {
      byte c = region[at];
      if (c != ' ' && c != '\t' && c != '\r') {
        return false;
      }
    }
    return true;
  }

  private void cut() {
    boolean loose = region.length - size > SLACK + size / 4;
    Raw raw = new Raw(loose ? Arrays.copyOf(region, size) : region, Arrays.copyOf(bounds, bound));
    queue.add(raw);
    queued += size;
    region = new byte[0];
    size = 0;
    start = 0;
    bound = 0;
  }

  /** Whether it was given up because one step brought more than can be held. */
  boolean overwhelmed() {
    return bomb;
  }

  /** Whether there is a whole batch. */
  boolean full() {
    return !queue.isEmpty();
  }

  /** Takes room for what makes no whole batch yet; completes once it is counted. */
  Future<Void> count() {
    return size > into.batchBytes() ? into.gathered(size) : Future.succeededFuture();
  }

  /** How many records were looked at. */
  long records() {
    return records;
  }

  /** What tells the records that were looked at from others. */
  long digest() {
    return digest.getValue() << 32 ^ records;
  }

  /** Puts the next whole batch; fails with {@link PollException} when a record is no good. */
  Future<Void> put() {
    Raw raw = queue.remove();
    queued -= raw.bounds[raw.bounds.length - 1];
    try {
      Batch batch = read(raw);
      reach
          .flatMap(Reach::passed)
          .ifPresent(mark -> owed = owed.then(Step.set(Parts.CURSOR, mark)));
      return put(batch);
    } catch (PollException bad) {
      return Future.failedFuture(bad);
    }
  }

  /**
   * Looks at the records that make no whole batch, so that {@link #records} counts them.
   *
   * @throws PollException when one is no good
   */
  void close() {
    if (bound > 0) {
      cut();
    }
    Raw raw = queue.poll();
    last = raw == null ? null : read(raw);
  }

  /**
   * Puts what {@link #close} left.
   *
   * @param step what changes in the cursor once the page is kept
   */
  Future<Void> putLast(Step step) {
    Batch batch = last;
    last = null;
    owed = owed.then(step);
    return batch == null ? Future.succeededFuture() : put(batch);
  }

  /** What changes in the cursor and has not gone with a batch. */
  Step owed() {
    return owed;
  }

  private Future<Void> put(Batch batch) {
    Step step = owed;
    owed = Step.NONE;
    return into.put(batch, step);
  }

  private Batch read(Raw raw) {
    Batch plain =
        splitter
            .messages(shape, raw.region, raw.bounds, origin)
            .fold(
                new Split.Cases<>() {
                  @Override
                  public Batch taken(Split.Taken split) {
                    if (!split.rejected().isEmpty()) {
                      throw broken(split.rejected().get(0));
                    }
                    return split.batch();
                  }

                  @Override
                  public Batch nothing(Split.Nothing split) {
                    throw new IllegalStateException("no record among records");
                  }

                  @Override
                  public Batch refused(Split.Refused split) {
                    throw broken(split.faults().get(0));
                  }
                });
    digest.update(plain.region(), plain.from(), plain.bytes());
    Batch batch = id.isEmpty() && time.isEmpty() ? plain : with(plain);
    for (int i = 0; i < batch.size() && reach.isPresent(); i++) {
      Reach far = reach.get();
      String value =
          field(batch, i, far.pointer())
              .orElseThrow(
                  () ->
                      PollException.lasting(
                          "cursor-missing", "a record has no value at " + far.pointer()));
      far.see(value);
    }
    records += batch.size();
    return batch;
  }

  private PollException broken(io.sluice.codec.Fault fault) {
    return PollException.passing(
        "broken-json",
        "record "
            + (records + fault.index() + 1)
            + " is "
            + fault.flaw().word()
            + ": "
            + fault.detail());
  }

  private Batch with(Batch batch) {
    List<@Nullable String> ids = new ArrayList<>();
    List<@Nullable Instant> times = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      int at = i;
      id.ifPresent(pointer -> ids.add(field(batch, at, pointer).orElse(null)));
      time.ifPresent(
          pointer -> times.add(field(batch, at, pointer).flatMap(Timestamps::read).orElse(null)));
    }
    int[] exact = new int[2 * batch.size()];
    for (int i = 0; i < batch.size(); i++) {
      exact[2 * i] = batch.start(i);
      exact[2 * i + 1] = batch.end(i);
    }
    List<Map<String, String>> none = List.of();
    return Batch.of(
        batch.region(), exact, batch.lines(), origin, new Columns(ids, List.of(), times, none));
  }

  private static Optional<String> field(Batch batch, int index, String pointer) {
    return JsonFields.read(batch.region(), batch.start(index), batch.end(index), pointer)
        .map(JsonFields.Field::text);
  }
}
