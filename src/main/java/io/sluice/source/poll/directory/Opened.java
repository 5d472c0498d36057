package io.sluice.source.poll.directory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * A file that was opened, at the place where to read on.
 *
 * @param content from there on
 * @param offset the place. Bytes
 * @param skipping whether that is in the midst of a line that is left out
 * @param print of what is in front of it
 */
record Opened(Content content, long offset, boolean skipping, Print print) {
  /**
   * Opens a file that is not compressed where its mark says. Blocks.
   *
   * @param channel closed with the content
   * @return at the start when the bytes in front of the mark are others than they were
   */
  static Opened plain(FileChannel channel, Found file, Mark mark) throws IOException {
    Print print = new Print();
    byte[] bytes = new byte[Print.HEAD];
    int head = read(channel, bytes, 0, (int) Math.min(Print.HEAD, mark.offset()));
    print.head(bytes, 0, head);
    int before = (int) Math.min(Print.TAIL, mark.offset());
    print.tail(bytes, 0, read(channel, bytes, mark.offset() - before, before));
    if (print.headSum() != mark.head() || print.tailSum() != mark.tail()) {
      return plain(channel, file);
    }
    return new Opened(
        Content.plain(channel, mark.offset(), file.size()),
        mark.offset(),
        mark.state() == Mark.State.SKIPPING,
        print);
  }

  /** Opens a file that is not compressed at its start. */
  static Opened plain(FileChannel channel, Found file) {
    return new Opened(Content.plain(channel, 0, file.size()), 0, false, new Print());
  }

  /** Reads as many of {@code length} bytes as there are; how many. Blocks. */
  static int read(FileChannel channel, byte[] to, long from, int length) throws IOException {
    int got = 0;
    int more = 0;
    while (got < length && more >= 0) {
      more = channel.read(ByteBuffer.wrap(to, got, length - got), from + got);
      got += Math.max(more, 0);
    }
    return got;
  }
}
