package io.sluice.source.poll.directory;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.util.zip.GZIPInputStream;

/** The bytes of one file from a place on, in order. Used by one thread at a time. Blocks. */
interface Content extends Closeable {
  /**
   * Reads what is next.
   *
   * @return how many bytes, at least one; -1 at the end
   */
  int read(byte[] to, int at, int length) throws IOException;

  /**
   * The bytes of a file as they are.
   *
   * @param channel closed with this
   * @param from where to begin
   * @param end where to stop, though there may be more
   */
  static Content plain(FileChannel channel, long from, long end) {
    return new Content() {
      private long at = from;

      @Override
      public int read(byte[] to, int start, int length) throws IOException {
        int most = (int) Math.min(length, end - at);
        int got = most <= 0 ? -1 : channel.read(ByteBuffer.wrap(to, start, most), at);
        at += Math.max(got, 0);
        return got;
      }

      @Override
      public void close() throws IOException {
        channel.close();
      }
    };
  }

  /** What is in a compressed file, from its beginning. It must be known to be whole. */
  static Content packed(FileChannel channel, boolean gzip) throws IOException {
    channel.position(0);
    InputStream raw = new BufferedInputStream(Channels.newInputStream(channel), 64 << 10);
    InputStream inflated = gzip ? new GZIPInputStream(raw, 16 << 10) : new ZstdInputStream(raw);
    return new Content() {
      @Override
      public int read(byte[] to, int at, int length) throws IOException {
        return inflated.read(to, at, length);
      }

      @Override
      public void close() throws IOException {
        inflated.close();
      }
    };
  }
}
