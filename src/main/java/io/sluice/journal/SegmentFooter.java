package io.sluice.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * The last bytes of a sealed segment file, so that nobody has to read it to know it.
 *
 * @param end where its frames end; bytes
 * @param next the ordinal behind its last event
 * @param written when its last frame was written; wall clock, milliseconds
 * @param forced events below this ordinal were known to be forced
 */
record SegmentFooter(long end, long next, long written, long forced) {
  static final int BYTES = 64;
  private static final long MAGIC = 0x464A4543_49554C53L; // "SLUICEJF"
  private static final int CRC = BYTES - 4;

  ByteBuffer encode(SegmentHeader header) {
    ByteBuffer out = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(MAGIC).putLong(header.base()).putLong(next).putLong(end);
    out.putLong(written).putLong(forced).putInt(header.epoch());
    out.putInt(CRC, Checksum.of(out, 0, CRC) ^ header.headSalt());
    return out.clear();
  }

  /** The footer at the end of the file, when there is one of this very segment. */
  static Optional<SegmentFooter> read(DiskFile file, SegmentHeader header) throws IOException {
    long at = file.size() - BYTES;
    ByteBuffer in = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    if (at < SegmentHeader.BYTES) {
      return Optional.empty();
    }
    while (in.hasRemaining() && file.read(in, at + in.position()) > 0) {}
    boolean ours =
        in.getLong(0) == MAGIC
            && in.getLong(8) == header.base()
            && in.getInt(CRC) == (Checksum.of(in, 0, CRC) ^ header.headSalt());
    return ours
        ? Optional.of(
            new SegmentFooter(in.getLong(24), in.getLong(16), in.getLong(32), in.getLong(40)))
        : Optional.empty();
  }
}
