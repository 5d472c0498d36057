package io.sluice.journal;

import io.sluice.event.Position;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps memos in files beside the journal: {@code memory} with the head, and one file for each
 * part. A part is durable before a head names it, and deleted after no head does. Confined to one
 * thread at a time.
 */
final class MemoFile {
  private static final Logger log = LoggerFactory.getLogger(MemoFile.class);
  static final String NAME = "memory";
  static final String UNFINISHED = ".memory.tmp";
  private static final Pattern PART = Pattern.compile("\\d{1,19}\\.memory");
  private static final long MAGIC = 0x4D4A4543_49554C53L; // "SLUICEJM"
  private static final int VERSION = 1;
  private static final int HEADER = 48;
  private static final int SLICE = 256 << 10;

  /** What the head says of a part. */
  private record Part(int length, int sum) {}

  private final Disk disk;
  private final UUID journal;
  private Map<Long, Part> durable = Map.of();

  MemoFile(Disk disk, UUID journal) {
    this.disk = disk;
    this.journal = journal;
  }

  private static String file(long part) {
    return part + "." + NAME;
  }

  /** Makes a memo the one that will be read back. */
  void save(Memo memo) throws IOException {
    Map<Long, Part> parts = new TreeMap<>();
    boolean fresh = false;
    for (Map.Entry<Long, Supplier<byte[]>> each : memo.parts().entrySet()) {
      Part known = durable.get(each.getKey());
      if (known == null) {
        byte[] content = each.getValue().get();
        write(file(each.getKey()), ByteBuffer.wrap(content));
        known = new Part(content.length, new Checksum().add(content, 0, content.length).value());
        fresh = true;
      }
      parts.put(each.getKey(), known);
    }
    if (fresh) {
      disk.sync();
    }
    write(NAME, encode(memo.upTo(), memo.head().get(), parts));
    disk.sync();
    durable = Map.copyOf(parts);
    tidy();
  }

  private ByteBuffer encode(Position upTo, byte[] head, Map<Long, Part> parts) {
    ByteBuffer out =
        ByteBuffer.allocate(HEADER + 16 * parts.size() + head.length + 4)
            .order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(MAGIC).putInt(VERSION).putInt(parts.size());
    out.putLong(journal.getMostSignificantBits()).putLong(journal.getLeastSignificantBits());
    out.putInt(upTo.epoch()).putLong(upTo.ordinal()).putInt(head.length);
    parts.forEach((id, part) -> out.putLong(id).putInt(part.length()).putInt(part.sum()));
    out.put(head);
    out.putInt(Checksum.of(out, 0, out.position()));
    return out.flip();
  }

  /** Written, forced and only then given its name. */
  private void write(String name, ByteBuffer content) throws IOException {
    String unfinished = name + UNFINISHED;
    try (DiskFile file = disk.write(unfinished)) {
      file.truncate(0);
      int end = content.limit();
      while (content.position() < end) {
        int at = content.position();
        content.limit(Math.min(end, at + SLICE));
        file.write(content, at);
        content.position(content.limit()).limit(end);
      }
      file.force();
    } catch (DiskFullException e) {
      disk.delete(unfinished);
      throw e;
    }
    disk.rename(unfinished, name);
  }

  private void tidy() throws IOException {
    for (String name : disk.list()) {
      if (PART.matcher(name).matches() && !durable.containsKey(number(name))) {
        disk.delete(name);
      }
    }
  }

  private static long number(String name) {
    return Long.parseLong(name.substring(0, name.indexOf('.')));
  }

  /**
   * What was saved last. Where it cannot be read, it says that nothing is known of any event.
   *
   * @return empty when nothing ever was
   * @throws JournalVersionException when it is sound and of a later format
   */
  Optional<Remembered> load() throws IOException {
    List<String> names = disk.list();
    if (!names.contains(NAME)) {
      return Optional.empty();
    }
    ByteBuffer in = content(NAME);
    int sum = in.capacity() - 4;
    if (sum < HEADER || in.getLong(0) != MAGIC || in.getInt(sum) != Checksum.of(in, 0, sum)) {
      return damaged();
    }
    if (in.getInt(8) != VERSION) {
      throw new JournalVersionException(NAME, in.getInt(8));
    }
    if (!journal.equals(new UUID(in.getLong(16), in.getLong(24)))) {
      return damaged();
    }
    Position upTo = new Position(in.getInt(32), in.getLong(36));
    Map<Long, Part> named = new HashMap<>();
    in.position(HEADER);
    for (int i = 0; i < in.getInt(12); i++) {
      named.put(in.getLong(), new Part(in.getInt(), in.getInt()));
    }
    byte[] head = new byte[in.getInt(44)];
    in.get(head);
    return Optional.of(new Remembered(upTo, Optional.of(head), parts(named, names)));
  }

  private SortedMap<Long, byte[]> parts(Map<Long, Part> named, List<String> names)
      throws IOException {
    SortedMap<Long, byte[]> parts = new TreeMap<>();
    Map<Long, Part> sound = new HashMap<>();
    for (Map.Entry<Long, Part> each : named.entrySet()) {
      String name = file(each.getKey());
      byte[] content = names.contains(name) ? content(name).array() : new byte[0];
      Part is = new Part(content.length, new Checksum().add(content, 0, content.length).value());
      if (is.equals(each.getValue())) {
        parts.put(each.getKey(), content);
        sound.put(each.getKey(), is);
      } else {
        log.atError()
            .addKeyValue("journal", disk.name())
            .addKeyValue("file", name)
            .log("a part of what the stream remembers is damaged, repeats of it are taken as new");
      }
    }
    durable = Map.copyOf(sound);
    return parts;
  }

  private Optional<Remembered> damaged() {
    log.atError()
        .addKeyValue("journal", disk.name())
        .addKeyValue("file", NAME)
        .log("what the stream remembers is damaged, it is made anew from the events that are left");
    return Optional.of(new Remembered(Position.START, Optional.empty(), new TreeMap<>()));
  }

  private ByteBuffer content(String name) throws IOException {
    try (DiskFile file = disk.read(name)) {
      ByteBuffer in = ByteBuffer.allocate((int) Math.min(file.size(), Integer.MAX_VALUE - 8));
      int end = in.capacity();
      while (in.position() < end) {
        in.limit(Math.min(end, in.position() + SLICE));
        if (file.read(in, in.position()) <= 0) {
          break;
        }
      }
      in.limit(end);
      return in.order(ByteOrder.LITTLE_ENDIAN).rewind();
    }
  }
}
