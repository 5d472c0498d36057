package io.sluice.event;

import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Events that travel together from one origin: one region of bytes and, for each event, where it
 * starts and ends there.
 *
 * <p>Immutable from the moment it is built: whoever built it no longer touches the region, and
 * nobody else ever writes to it, so threads share it without copies. There is nothing to release.
 *
 * <p>A batch is <em>in lines</em> when its extent is exactly its events, in order, each followed by
 * one line feed that is not part of it, and no event holds a line feed. Such an extent can be
 * written to a line-based destination in one piece.
 */
public final class Batch {
  private final byte[] region;
  private final int[] bounds;
  private final int first;
  private final int size;
  private final boolean lines;
  private final Origin origin;
  private final Columns columns;
  private final long columnsWeight;
  private final @Nullable Sequence sequence;

  private Batch(
      byte[] region,
      int[] bounds,
      int first,
      int size,
      boolean lines,
      Origin origin,
      Columns columns,
      @Nullable Sequence sequence) {
    this.region = region;
    this.bounds = bounds;
    this.first = first;
    this.size = size;
    this.lines = lines;
    this.origin = origin;
    this.columns = columns;
    this.columnsWeight = columns.weight();
    this.sequence = sequence;
  }

  /**
   * A batch over a region that the caller gives away.
   *
   * @param region the bytes; not copied, never to be written again
   * @param bounds start and end of each event in the region, alternating, ascending, not
   *     overlapping; given away too
   * @param lines whether the events are in lines, as the class says; the caller answers for it
   * @throws IllegalArgumentException when there is no event, or bounds leave the region or their
   *     order
   */
  public static Batch of(
      byte[] region, int[] bounds, boolean lines, Origin origin, Columns columns) {
    if (bounds.length == 0 || bounds.length % 2 != 0) {
      throw new IllegalArgumentException(
          "a batch has at least one event, with a start and an end each");
    }
    int before = 0;
    for (int bound : bounds) {
      if (bound < before) {
        throw new IllegalArgumentException("event bounds out of order at " + bound);
      }
      before = bound;
    }
    if (before + (lines ? 1 : 0) > region.length) {
      throw new IllegalArgumentException("event bounds end at " + before + " of " + region.length);
    }
    return new Batch(region, bounds, 0, bounds.length / 2, lines, origin, columns, null);
  }

  /** One event that is the whole of {@code payload}, which the caller gives away. */
  public static Batch single(byte[] payload, Origin origin) {
    return of(payload, new int[] {0, payload.length}, false, origin, Columns.NONE);
  }

  /** How many events; at least one. */
  public int size() {
    return size;
  }

  public Origin origin() {
    return origin;
  }

  public Columns columns() {
    return columns;
  }

  /** Where its events stand in a client's session; empty when they are of none. */
  public Optional<Sequence> sequence() {
    return Optional.ofNullable(sequence);
  }

  /**
   * The same events as a part of a client's session.
   *
   * @throws IllegalArgumentException when there are fewer numbers than events
   */
  public Batch numbered(Sequence numbers) {
    if (numbers.span() < size) {
      throw new IllegalArgumentException(numbers.span() + " numbers for " + size + " events");
    }
    return new Batch(region, bounds, first, size, lines, origin, columns, numbers);
  }

  private Batch unnumbered() {
    return new Batch(region, bounds, first, size, lines, origin, columns, null);
  }

  /** Whether the extent is lines, as the class says. */
  public boolean lines() {
    return lines;
  }

  /**
   * The bytes all events lie in. Not a copy: read it only between {@link #from} and {@link #to},
   * and never write to it.
   */
  public byte[] region() {
    return region;
  }

  /** Where the first event starts in the region. */
  public int from() {
    return start(0);
  }

  /**
   * Behind the last byte of the extent in the region: the last event's end and, when in lines, its
   * line feed.
   */
  public int to() {
    return end(size - 1) + (lines ? 1 : 0);
  }

  /**
   * How many bytes the extent holds: what the batch takes in memory and on disk, small change
   * aside.
   */
  public int bytes() {
    return to() - from();
  }

  /**
   * What the batch counts against credit: its extent, what each event costs beside it, and its
   * columns. Bytes.
   */
  public long weight() {
    return bytes() + (long) size * 8 + columnsWeight;
  }

  /** Where event {@code index} starts in the region. */
  public int start(int index) {
    return bounds[2 * (first + index)];
  }

  /** Behind the last byte of event {@code index} in the region. */
  public int end(int index) {
    return bounds[2 * (first + index) + 1];
  }

  public Event event(int index) {
    Objects.checkIndex(index, size);
    return new Event(this, index);
  }

  /**
   * The events from {@code from} (inclusive) to {@code to} (exclusive), over the same region. Those
   * of a session keep their numbers, unless some were given up or left out.
   */
  public Batch slice(int from, int to) {
    if (from == 0 && to == size) {
      return this;
    }
    Objects.checkFromToIndex(from, to, size);
    if (from == to) {
      throw new IllegalArgumentException("a batch has at least one event");
    }
    Sequence part = sequence;
    if (part != null) {
      part =
          part.span() == size ? Sequence.of(part.session(), part.first() + from, to - from) : null;
    }
    return new Batch(
        region, bounds, first + from, to - from, lines, origin, columns.slice(from, to), part);
  }

  /**
   * The events whose places are not in {@code left}, of no session; at least one. Copies the bytes
   * of those that stay, unless they stand together.
   */
  public Batch without(BitSet left) {
    Batch kept = Joining.of(Joining.runs(this, left));
    return kept.sequence == null ? kept : kept.unnumbered();
  }

  /**
   * All events of {@code batches} as one, in order. Their origins must be {@linkplain Origin#alike
   * alike}; the first one's moment holds. They are of a session when each goes on where the one
   * before ended. Copies the bytes, unless there is only one batch.
   */
  public static Batch join(List<Batch> batches) {
    return Joining.of(batches);
  }
}
