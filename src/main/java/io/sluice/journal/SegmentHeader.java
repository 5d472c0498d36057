package io.sluice.journal;

import io.sluice.event.Position;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What stands at the start of a segment file, twice, so that one bad sector does not cost the
 * segment.
 *
 * @param salt mixed into every checksum of the segment: what an earlier life of the file left
 *     behind never verifies
 * @param base the ordinal of the first event
 * @param epoch of every event in the segment
 * @param created wall clock, milliseconds
 * @param recycled whether the file had an earlier life, so that other bytes behind the end mean
 *     nothing
 * @param gapKnown whether events missing before {@code base} were reported already
 * @param epochs where the latest epochs began, this one last
 */
record SegmentHeader(
    UUID journal,
    long salt,
    long base,
    int epoch,
    long created,
    boolean recycled,
    boolean gapKnown,
    List<Position> epochs) {
  static final int COPY = 2048;
  static final int BYTES = 2 * COPY;
  static final long MAGIC = 0x314A4543_49554C53L; // "SLUICEJ1" in a file
  static final int VERSION = 1;

  private static final int EPOCHS = 64;
  private static final int MAX_EPOCHS = (COPY - EPOCHS - 4) / 12;
  private static final int CRC = COPY - 4;

  SegmentHeader {
    epochs = List.copyOf(epochs.subList(Math.max(0, epochs.size() - MAX_EPOCHS), epochs.size()));
  }

  int headSalt() {
    return (int) salt;
  }

  int bodySalt() {
    return (int) (salt >>> 32);
  }

  Position first() {
    return new Position(epoch, base);
  }

  /** Of the segment that follows this one without a gap. */
  SegmentHeader following(Surroundings outside, long next, boolean inUsedFile) {
    return new SegmentHeader(
        journal,
        outside.random().getAsLong(),
        next,
        epoch,
        outside.clock().millis(),
        inUsedFile,
        false,
        epochs);
  }

  static String file(long base) {
    return String.format(java.util.Locale.ROOT, "%020d.seg", base);
  }

  ByteBuffer encode() {
    ByteBuffer out = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < BYTES; at += COPY) {
      out.position(at);
      out.putLong(MAGIC)
          .putShort((short) VERSION)
          .putShort((short) ((gapKnown ? 1 : 0) | (recycled ? 2 : 0)));
      out.putInt(epoch);
      out.putLong(journal.getMostSignificantBits()).putLong(journal.getLeastSignificantBits());
      out.putLong(salt).putLong(base).putLong(created);
      out.putInt(epochs.size()).putInt(0);
      for (Position start : epochs) {
        out.putInt(start.epoch()).putLong(start.ordinal());
      }
      out.putInt(at + CRC, Checksum.of(out, at, at + CRC));
    }
    return out.clear();
  }

  /**
   * Reads it from either copy.
   *
   * @return empty when neither can be trusted
   * @throws JournalVersionException when it is sound and of a later format
   */
  static Optional<SegmentHeader> read(DiskFile file, String name) throws IOException {
    ByteBuffer in = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    while (in.hasRemaining() && file.read(in, in.position()) > 0) {}
    for (int at = 0; at < BYTES; at += COPY) {
      boolean sound =
          in.getLong(at) == MAGIC && in.getInt(at + CRC) == Checksum.of(in, at, at + CRC);
      if (sound && in.getShort(at + 8) != VERSION) {
        throw new JournalVersionException(name, Short.toUnsignedInt(in.getShort(at + 8)));
      }
      if (sound) {
        return Optional.of(decode(in, at));
      }
    }
    return Optional.empty();
  }

  private static SegmentHeader decode(ByteBuffer in, int at) {
    List<Position> epochs = new ArrayList<>();
    for (int i = 0; i < in.getInt(at + 56); i++) {
      int entry = at + EPOCHS + 12 * i;
      epochs.add(new Position(in.getInt(entry), in.getLong(entry + 4)));
    }
    return new SegmentHeader(
        new UUID(in.getLong(at + 16), in.getLong(at + 24)),
        in.getLong(at + 32),
        in.getLong(at + 40),
        in.getInt(at + 12),
        in.getLong(at + 48),
        (in.getShort(at + 10) & 2) != 0,
        (in.getShort(at + 10) & 1) != 0,
        epochs);
  }
}
