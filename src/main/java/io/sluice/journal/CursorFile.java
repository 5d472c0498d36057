package io.sluice.journal;

import io.sluice.event.Position;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The positions of all sinks in one small file, replaced as a whole; the one before it is kept.
 *
 * @param journal whose positions they are
 */
record CursorFile(UUID journal, Map<String, Position> positions) {
  static final String NAME = "cursors";
  static final String PREVIOUS = "cursors.prev";
  static final String UNFINISHED = "cursors.tmp";
  private static final long MAGIC = 0x434A4543_49554C53L; // "SLUICEJC"
  private static final int VERSION = 1;
  private static final int LARGEST = 16 << 20;

  ByteBuffer encode() {
    int bound = 40;
    for (String sink : positions.keySet()) {
      bound += Varint.bound(sink) + 12;
    }
    ByteBuffer out = ByteBuffer.allocate(bound).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(MAGIC).putInt(VERSION).putInt(positions.size());
    out.putLong(journal.getMostSignificantBits()).putLong(journal.getLeastSignificantBits());
    positions.forEach(
        (sink, position) -> {
          Varint.putText(out, sink);
          out.putInt(position.epoch()).putLong(position.ordinal());
        });
    out.putInt(Checksum.of(out, 0, out.position()));
    return out.flip();
  }

  /** Written, forced and only then given its name. */
  void save(Disk disk) throws IOException {
    try (DiskFile file = disk.write(UNFINISHED)) {
      file.truncate(0);
      file.write(encode(), 0);
      file.force();
    }
    if (disk.list().contains(NAME)) {
      disk.rename(NAME, PREVIOUS);
    }
    disk.rename(UNFINISHED, NAME);
    disk.sync();
  }

  /**
   * What was saved last and can be trusted: the file, or else the one before.
   *
   * @throws JournalVersionException when it is sound and of a later format
   */
  static Optional<CursorFile> load(Disk disk, List<String> names) throws IOException {
    for (String name : List.of(NAME, PREVIOUS)) {
      Optional<CursorFile> loaded = names.contains(name) ? load(disk, name) : Optional.empty();
      if (loaded.isPresent()) {
        return loaded;
      }
    }
    return Optional.empty();
  }

  private static Optional<CursorFile> load(Disk disk, String name) throws IOException {
    ByteBuffer in;
    try (DiskFile file = disk.read(name)) {
      if (file.size() < 36 || file.size() > LARGEST) {
        return Optional.empty();
      }
      in = ByteBuffer.allocate((int) file.size()).order(ByteOrder.LITTLE_ENDIAN);
      while (in.hasRemaining() && file.read(in, in.position()) > 0) {}
    }
    int sum = in.capacity() - 4;
    if (in.getLong(0) != MAGIC || in.getInt(sum) != Checksum.of(in, 0, sum)) {
      return Optional.empty();
    }
    if (in.getInt(8) != VERSION) {
      throw new JournalVersionException(name, in.getInt(8));
    }
    in.position(32);
    Map<String, Position> positions = new TreeMap<>();
    for (int i = 0; i < in.getInt(12); i++) {
      positions.put(Varint.getText(in), new Position(in.getInt(), in.getLong()));
    }
    return Optional.of(
        new CursorFile(new UUID(in.getLong(16), in.getLong(24)), Map.copyOf(positions)));
  }
}
