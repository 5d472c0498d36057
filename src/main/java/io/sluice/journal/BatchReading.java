package io.sluice.journal;

import io.sluice.event.Batch;
import io.sluice.event.Columns;
import io.sluice.event.Origin;
import io.sluice.event.Sequence;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads back what {@link BatchWriting} wrote. Confined to one thread. */
final class BatchReading {
  private @Nullable Origin last;

  /**
   * The batch of a frame whose checksum held.
   *
   * @param in stands behind the frame's header, its limit at the frame's end
   */
  Batch get(ByteBuffer in, int flags, int count, int extent) {
    Origin origin = origin(in);
    boolean lines = (flags & Frame.LINES) != 0;
    int[] bounds = bounds(in, count, lines);
    Columns columns = columns(in, flags, count);
    Sequence sequence = (flags & Frame.SEQUENCE) == 0 ? null : sequence(in);
    byte[] region = new byte[extent];
    in.get(region);
    Batch batch = Batch.of(region, bounds, lines, origin, columns);
    return sequence == null ? batch : batch.numbered(sequence);
  }

  private static Sequence sequence(ByteBuffer in) {
    String session = Varint.getText(in);
    long first = Varint.get(in);
    return new Sequence(session, first, first + Varint.get(in) - 1);
  }

  /** Equal names share their strings with the batch before. */
  private Origin origin(ByteBuffer in) {
    Origin read =
        new Origin(Varint.getText(in), Varint.getText(in), Varint.getText(in), instant(in));
    Origin before = last;
    if (before != null && before.alike(read)) {
      return new Origin(before.source(), before.principal(), before.contentType(), read.received());
    }
    last = read;
    return read;
  }

  private static int[] bounds(ByteBuffer in, int count, boolean lines) {
    int[] bounds = new int[2 * count];
    int at = 0;
    for (int i = 0; i < bounds.length; i += 2) {
      if (!lines) {
        at += (int) Varint.get(in);
      }
      bounds[i] = at;
      at += (int) Varint.get(in);
      bounds[i + 1] = at;
      if (lines) {
        at++;
      }
    }
    return bounds;
  }

  private static Columns columns(ByteBuffer in, int flags, int count) {
    int any = Frame.IDS | Frame.KEYS | Frame.TIMES | Frame.ATTRIBUTES;
    if ((flags & any) == 0) {
      return Columns.NONE;
    }
    return new Columns(
        BatchReading.<@Nullable String>column(in, flags & Frame.IDS, count, BatchReading::text),
        BatchReading.<@Nullable String>column(in, flags & Frame.KEYS, count, BatchReading::text),
        BatchReading.<@Nullable Instant>column(in, flags & Frame.TIMES, count, BatchReading::time),
        BatchReading.<Map<String, String>>column(
            in, flags & Frame.ATTRIBUTES, count, BatchReading::attributes));
  }

  private static <T extends @Nullable Object> List<T> column(
      ByteBuffer in, int present, int count, Function<ByteBuffer, T> value) {
    if (present == 0) {
      return List.of();
    }
    List<T> column = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      column.add(value.apply(in));
    }
    return Collections.unmodifiableList(column);
  }

  private static @Nullable String text(ByteBuffer in) {
    int length = Math.toIntExact(Varint.get(in));
    return length == 0 ? null : Varint.getText(in, length - 1);
  }

  private static Instant instant(ByteBuffer in) {
    long nanos = Varint.get(in) - 1;
    return Instant.ofEpochSecond(Varint.getSigned(in), nanos);
  }

  private static @Nullable Instant time(ByteBuffer in) {
    long nanos = Varint.get(in) - 1;
    return nanos < 0 ? null : Instant.ofEpochSecond(Varint.getSigned(in), nanos);
  }

  private static Map<String, String> attributes(ByteBuffer in) {
    int count = Math.toIntExact(Varint.get(in));
    Map<String, String> attributes = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      attributes.put(Varint.getText(in), Varint.getText(in));
    }
    return Collections.unmodifiableMap(attributes);
  }
}
