package io.sluice.source.poll.directory;

import io.sluice.codec.Coding;
import io.sluice.codec.Inflation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Whether a compressed file is whole, found out before anything of it is taken. Used by one thread
 * at a time. Blocks.
 */
final class Integrity implements AutoCloseable {
  /** Bytes of the file that are looked at in one go. */
  private static final int STRETCH = 1 << 20;

  private final FileChannel channel;
  private final Inflation inflation;
  private final byte[] buffer = new byte[64 << 10];
  private long at;

  Integrity(FileChannel channel, boolean gzip) {
    this.channel = channel;
    this.inflation = (gzip ? Coding.GZIP : Coding.ZSTD).start(Long.MAX_VALUE);
  }

  /** How far it has come. */
  enum Verdict {
    UNDECIDED,
    WHOLE,
    BROKEN
  }

  /** Looks at the next stretch. */
  Verdict look() throws IOException {
    for (int seen = 0; seen < STRETCH; ) {
      int got = channel.read(ByteBuffer.wrap(buffer), at);
      if (got < 0) {
        return inflation.finish().isPresent() ? Verdict.BROKEN : Verdict.WHOLE;
      }
      if (inflation.feed(buffer, 0, got, (bytes, from, length) -> true).isPresent()) {
        return Verdict.BROKEN;
      }
      at += got;
      seen += got;
    }
    return Verdict.UNDECIDED;
  }

  @Override
  public void close() {
    inflation.close();
  }
}
