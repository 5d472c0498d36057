package io.sluice.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.UUID;

/**
 * Says that the journal was shut down in order and where its last segment ends, so that opening
 * reads nothing. Written last, removed first.
 */
record CleanMarker(UUID journal, long base, int epoch, long end, long next, long written) {
  static final String NAME = "clean";
  static final String UNFINISHED = "clean.tmp";
  private static final long MAGIC = 0x4B4A4543_49554C53L; // "SLUICEJK"
  private static final int BYTES = 64;

  static CleanMarker of(Segment active) {
    return new CleanMarker(
        active.header().journal(),
        active.base(),
        active.header().epoch(),
        active.end(),
        active.next(),
        active.written());
  }

  void save(Disk disk) throws IOException {
    ByteBuffer out = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(MAGIC);
    out.putLong(journal.getMostSignificantBits()).putLong(journal.getLeastSignificantBits());
    out.putLong(base).putLong(end).putLong(next).putLong(written).putInt(epoch);
    out.putInt(Checksum.of(out, 0, BYTES - 4));
    try (DiskFile file = disk.write(UNFINISHED)) {
      file.truncate(0);
      file.write(out.flip(), 0);
      file.force();
    }
    disk.rename(UNFINISHED, NAME);
    disk.sync();
  }

  static Optional<CleanMarker> load(Disk disk) throws IOException {
    ByteBuffer in = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    try (DiskFile file = disk.read(NAME)) {
      while (in.hasRemaining() && file.read(in, in.position()) > 0) {}
    }
    boolean sound =
        !in.hasRemaining()
            && in.getLong(0) == MAGIC
            && in.getInt(BYTES - 4) == Checksum.of(in, 0, BYTES - 4);
    return sound
        ? Optional.of(
            new CleanMarker(
                new UUID(in.getLong(8), in.getLong(16)),
                in.getLong(24),
                in.getInt(56),
                in.getLong(32),
                in.getLong(40),
                in.getLong(48)))
        : Optional.empty();
  }

  /** Whether it speaks of this segment, and the file is as long as it says. */
  boolean fits(SegmentHeader header, long size) {
    return journal.equals(header.journal())
        && base == header.base()
        && epoch == header.epoch()
        && end <= size
        && end >= SegmentHeader.BYTES
        && next >= base;
  }
}
