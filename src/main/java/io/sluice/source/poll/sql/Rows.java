package io.sluice.source.poll.sql;

import io.sluice.event.Batch;
import io.sluice.event.Columns;
import io.sluice.event.Origin;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows on their way into one batch, a line each. Confined to one thread. */
final class Rows extends OutputStream {
  private static final int LEAST = 4 << 10;

  private byte[] region = new byte[LEAST];
  private int size;
  private int start;
  private int[] bounds = new int[32];
  private int bound;
  private List<@Nullable String> keys = new ArrayList<>();

  @Override
  public void write(int one) {
    ensure(1);
    region[size++] = (byte) one;
  }

  @Override
  public void write(byte[] bytes, int from, int length) {
    ensure(length);
    System.arraycopy(bytes, from, region, size, length);
    size += length;
  }

  private void ensure(int more) {
    if (region.length - size < more) {
      int twice = (int) Math.min(Integer.MAX_VALUE - 8, 2L * region.length);
      region = Arrays.copyOf(region, Math.max(twice, Math.addExact(size, more)));
    }
  }

  byte[] region() {
    return region;
  }

  /** Where the row that was written last begins. */
  int start() {
    return start;
  }

  /** Where it ends. */
  int end() {
    return size;
  }

  /** The row that was written last is an event. */
  void keep(@Nullable String key) {
    if (bound == bounds.length) {
      bounds = Arrays.copyOf(bounds, 2 * bound);
    }
    bounds[bound++] = start;
    bounds[bound++] = size;
    keys.add(key);
    write('\n');
    start = size;
  }

  /** The row that was written last is none. */
  void drop() {
    size = start;
  }

  boolean isEmpty() {
    return bound == 0;
  }

  /** Takes the events out, of which there must be one. */
  Batch batch(Origin origin, boolean keyed) {
    Columns columns = keyed ? new Columns(List.of(), keys, List.of(), List.of()) : Columns.NONE;
    Batch batch =
        Batch.of(Arrays.copyOf(region, size), Arrays.copyOf(bounds, bound), true, origin, columns);
    size = 0;
    start = 0;
    bound = 0;
    keys = new ArrayList<>();
    return batch;
  }
}
