package io.sluice.journal;

import io.sluice.event.Batch;
import io.sluice.event.Columns;
import io.sluice.event.Origin;
import io.sluice.event.Sequence;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes what a frame says of a batch before its bytes. Confined to one thread. */
final class BatchWriting {
  private @Nullable Origin last;
  private byte[] lastBytes = {};

  /** The most bytes {@link #put} takes for it. */
  static int bound(Batch batch) {
    Origin origin = batch.origin();
    Columns columns = batch.columns();
    long bound =
        Varint.bound(origin.source())
            + Varint.bound(origin.principal())
            + Varint.bound(origin.contentType())
            + 2L * Varint.MAX
            + 10L * batch.size();
    if (!columns.isEmpty()) {
      bound += bound(columns.ids()) + bound(columns.keys()) + 2L * Varint.MAX * batch.size();
      for (Map<String, String> attributes : columns.attributes()) {
        bound += Varint.MAX;
        for (Map.Entry<String, String> each : attributes.entrySet()) {
          bound += Varint.bound(each.getKey()) + Varint.bound(each.getValue());
        }
      }
    }
    Optional<Sequence> sequence = batch.sequence();
    if (sequence.isPresent()) {
      bound += Varint.bound(sequence.get().session()) + 2L * Varint.MAX;
    }
    return Math.toIntExact(bound);
  }

  private static long bound(List<@Nullable String> column) {
    long bound = 0;
    for (String value : column) {
      bound += value == null ? 1 : Varint.bound(value);
    }
    return bound;
  }

  static int flags(Batch batch) {
    Columns columns = batch.columns();
    return (batch.lines() ? Frame.LINES : 0)
        | (columns.ids().isEmpty() ? 0 : Frame.IDS)
        | (columns.keys().isEmpty() ? 0 : Frame.KEYS)
        | (columns.times().isEmpty() ? 0 : Frame.TIMES)
        | (columns.attributes().isEmpty() ? 0 : Frame.ATTRIBUTES)
        | (batch.sequence().isEmpty() ? 0 : Frame.SEQUENCE);
  }

  void put(ByteBuffer out, Batch batch) {
    origin(out, batch.origin());
    bounds(out, batch);
    Columns columns = batch.columns();
    if (!columns.isEmpty()) {
      texts(out, columns.ids());
      texts(out, columns.keys());
      times(out, columns.times());
      attributes(out, columns.attributes());
    }
    batch.sequence().ifPresent(sequence -> sequence(out, sequence));
  }

  private static void sequence(ByteBuffer out, Sequence sequence) {
    Varint.putText(out, sequence.session());
    Varint.put(out, sequence.first());
    Varint.put(out, sequence.span());
  }

  /** Names repeat from batch to batch, so their bytes are kept. */
  private void origin(ByteBuffer out, Origin origin) {
    if (last == null || !last.alike(origin)) {
      ByteBuffer names =
          ByteBuffer.allocate(
              Varint.bound(origin.source())
                  + Varint.bound(origin.principal())
                  + Varint.bound(origin.contentType()));
      Varint.putText(names, origin.source());
      Varint.putText(names, origin.principal());
      Varint.putText(names, origin.contentType());
      lastBytes = java.util.Arrays.copyOf(names.array(), names.position());
      last = origin;
    }
    out.put(lastBytes);
    instant(out, origin.received());
  }

  /** Lines need their lengths only; others the gap before each too. */
  private static void bounds(ByteBuffer out, Batch batch) {
    int size = batch.size();
    int end = batch.from();
    boolean lines = batch.lines();
    for (int i = 0; i < size; i++) {
      int start = batch.start(i);
      if (!lines) {
        Varint.put(out, start - end);
      }
      end = batch.end(i);
      Varint.put(out, end - start);
    }
  }

  private static void texts(ByteBuffer out, List<@Nullable String> column) {
    for (String value : column) {
      if (value == null) {
        out.put((byte) 0);
      } else {
        byte[] bytes = value.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        Varint.put(out, bytes.length + 1L);
        out.put(bytes);
      }
    }
  }

  private static void times(ByteBuffer out, List<@Nullable Instant> column) {
    for (Instant value : column) {
      if (value == null) {
        out.put((byte) 0);
      } else {
        instant(out, value);
      }
    }
  }

  /** Nanoseconds plus one, so that zero can say there is none; then seconds. */
  private static void instant(ByteBuffer out, Instant instant) {
    Varint.put(out, instant.getNano() + 1L);
    Varint.putSigned(out, instant.getEpochSecond());
  }

  private static void attributes(ByteBuffer out, List<Map<String, String>> column) {
    for (Map<String, String> attributes : column) {
      Varint.put(out, attributes.size());
      for (Map.Entry<String, String> each : attributes.entrySet()) {
        Varint.putText(out, each.getKey());
        Varint.putText(out, each.getValue());
      }
    }
  }
}
