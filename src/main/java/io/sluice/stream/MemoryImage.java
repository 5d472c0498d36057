package io.sluice.stream;

import io.sluice.event.Position;
import io.sluice.journal.Memo;
import io.sluice.journal.Remembered;
import io.sluice.stream.Progress.Span;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Memory} as bytes, for the journal to keep. Sessions and the latest keys are in the head;
 * of the other keys, 65536 make a part. Big-endian, as Java's data streams have it.
 */
final class MemoryImage {
  private static final int VERSION = 1;

  /** As version 1, and which events do not count. */
  private static final int VOIDS = 2;

  private static final long PART = 32L * KeyLog.CHUNK;
  private static final int ENTRY = KeyLog.WORDS * Long.BYTES;

  private MemoryImage() {}

  /** What is there now. Takes references only; the bytes are made when somebody asks for them. */
  static Memo of(
      Position upTo, List<Progress> sessions, Map<Long, byte[]> voids, @Nullable Keys keys) {
    Map<Long, Supplier<byte[]>> parts = new HashMap<>();
    if (keys == null) {
      return new Memo(upTo, () -> head(sessions, voids, out -> out.writeBoolean(false)), parts);
    }
    KeyLog log = keys.log();
    long settled = keys.settled();
    long oldest = log.oldest();
    long inHead = Math.max(oldest, settled / PART * PART);
    for (long part = oldest / PART; (part + 1) * PART <= settled; part++) {
      long from = part * PART;
      List<long @Nullable []> chunks = log.chunks(from, from + PART);
      parts.put(part, () -> bytes(chunks, 0, (int) PART));
    }
    long firstChunk = inHead / KeyLog.CHUNK * KeyLog.CHUNK;
    List<long @Nullable []> rest = log.chunks(firstChunk, settled);
    SipHash hash = keys.hash();
    Writing written =
        out -> {
          out.writeBoolean(true);
          out.writeLong(hash.key0());
          out.writeLong(hash.key1());
          out.writeUTF(keys.by());
          out.writeLong(oldest);
          out.writeLong(inHead);
          out.writeLong(settled);
          out.write(bytes(rest, (int) (inHead - firstChunk), (int) (settled - firstChunk)));
        };
    return new Memo(upTo, () -> head(sessions, voids, written), parts);
  }

  /** Writes to memory, which does not fail. */
  @FunctionalInterface
  private interface Writing {
    void to(DataOutputStream out) throws IOException;
  }

  private static byte[] head(List<Progress> sessions, Map<Long, byte[]> voids, Writing keys) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(voids.isEmpty() ? VERSION : VOIDS);
      out.writeInt(sessions.size());
      for (Progress session : sessions) {
        out.writeUTF(session.session());
        out.writeLong(session.through());
        out.writeLong(session.end());
        out.writeLong(session.used());
        out.writeInt(session.ahead().size());
        for (Span span : session.ahead()) {
          out.writeLong(span.first());
          out.writeLong(span.last());
        }
      }
      if (!voids.isEmpty()) {
        out.writeInt(voids.size());
        for (Map.Entry<Long, byte[]> chunk : voids.entrySet()) {
          out.writeLong(chunk.getKey());
          out.writeInt(chunk.getValue().length);
          out.write(chunk.getValue());
        }
      }
      keys.to(out);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  /** Entries {@code from} to before {@code to}, counted from the first chunk's start. */
  private static byte[] bytes(List<long @Nullable []> chunks, int from, int to) {
    ByteBuffer out = ByteBuffer.allocate((to - from) * ENTRY);
    for (int entry = from; entry < to; entry++) {
      long[] chunk = chunks.get(entry / KeyLog.CHUNK);
      int at = entry % KeyLog.CHUNK * KeyLog.WORDS;
      for (int word = 0; word < KeyLog.WORDS; word++) {
        out.putLong(chunk == null ? 0 : chunk[at + word]);
      }
    }
    return out.array();
  }

  /**
   * Makes a memory of what was read back.
   *
   * @param next behind the last event that the log has: what is said of events at or behind it does
   *     not count
   * @param keys makes the memory for keys; empty where there is none
   * @throws IOException when it is of a later version, or not what it should be
   */
  static Memory read(Remembered remembered, long next, Optional<KeysMade> keys) throws IOException {
    byte[] head = remembered.head().orElse(new byte[0]);
    if (head.length == 0) {
      return Memory.empty(keys);
    }
    Sessions sessions = new Sessions(Sessions.MOST);
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(head))) {
      byte version = in.readByte();
      if (version != VERSION && version != VOIDS) {
        throw new IOException("what the stream remembers is of a later version");
      }
      for (int left = in.readInt(); left > 0; left--) {
        Progress progress = progress(in);
        if (progress.end() <= next) {
          sessions.restore(progress);
        }
      }
      Voids voids = new Voids();
      for (int left = version == VOIDS ? in.readInt() : 0; left > 0; left--) {
        voids.restore(in.readLong(), in.readNBytes(in.readInt()), next);
      }
      boolean any = in.readBoolean();
      if (keys.isEmpty()) {
        return new Memory(sessions, null, voids);
      }
      KeysMade made = keys.get();
      Keys read = any ? keys(in, remembered.parts(), next, made) : made.make();
      return new Memory(sessions, read, voids);
    }
  }

  private static Progress progress(DataInputStream in) throws IOException {
    String name = in.readUTF();
    long through = in.readLong();
    long end = in.readLong();
    long used = in.readLong();
    List<Span> ahead = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      ahead.add(new Span(in.readLong(), in.readLong()));
    }
    return new Progress(name, through, List.copyOf(ahead), end, used);
  }

  private static Keys keys(
      DataInputStream in, SortedMap<Long, byte[]> parts, long next, KeysMade made)
      throws IOException {
    SipHash hash = new SipHash(in.readLong(), in.readLong());
    if (!in.readUTF().equals(made.by())) {
      return made.make(); // by another key than before: nothing of it is of use
    }
    long oldest = in.readLong();
    long inHead = in.readLong();
    long settled = in.readLong();
    Keys keys = made.make(hash, oldest);
    for (long at = oldest; at < inHead; ) {
      long part = at / PART;
      long end = Math.min(inHead, (part + 1) * PART);
      byte[] content = parts.getOrDefault(part, new byte[0]);
      ByteBuffer from = ByteBuffer.wrap(content);
      if (content.length > 0) {
        from.position((int) (at % PART) * ENTRY);
      }
      for (; at < end; at++) {
        entry(from, keys, next);
      }
    }
    ByteBuffer rest = ByteBuffer.wrap(in.readAllBytes());
    for (long at = inHead; at < settled; at++) {
      entry(rest, keys, next);
    }
    return keys;
  }

  private static void entry(ByteBuffer from, Keys keys, long next) {
    long high = from.hasRemaining() ? from.getLong() : 0;
    long low = from.hasRemaining() ? from.getLong() : 0;
    long ordinal = from.hasRemaining() ? from.getLong() : 0;
    long time = from.hasRemaining() ? from.getLong() : 0;
    boolean there = ordinal < next;
    keys.restore(there ? high : 0, there ? low : 0, ordinal, time);
  }
}
