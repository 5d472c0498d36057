package io.sluice.journal;

import io.sluice.event.Batch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Finds the frames of one segment file and vouches for them. Stands on at most one frame at a time;
 * confined to one thread.
 */
final class FrameScanner implements AutoCloseable {
  private static final int WINDOW = 256 << 10;

  private final DiskFile file;
  private final SegmentHeader header;
  private final Checksum checksum = new Checksum();
  private final BatchReading reading = new BatchReading();
  private ByteBuffer window = window(WINDOW);
  private long windowAt;
  private int frame;

  FrameScanner(DiskFile file, SegmentHeader header) {
    this.file = file;
    this.header = header;
    window.limit(0);
  }

  private static ByteBuffer window(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Whether a frame's header stands there that is of this segment and ends before the limit. */
  boolean header(long offset, long limit) throws IOException {
    return begun(offset, limit) && sane(offset, limit);
  }

  /** Whether a frame of this segment was begun there, however much of it is left. */
  boolean begun(long offset, long limit) throws IOException {
    if (!load(offset, Frame.HEADER, limit)) {
      return false;
    }
    int at = (int) (offset - windowAt);
    frame = at;
    return window.getShort(at) == Frame.MAGIC
        && window.get(at + Frame.AT_VERSION) == Frame.VERSION
        && window.getInt(at + Frame.AT_EPOCH) == header.epoch()
        && checksum.reset().add(window, at, at + Frame.AT_HEAD_CRC).value()
            == (window.getInt(at + Frame.AT_HEAD_CRC) ^ header.headSalt());
  }

  /** The sum vouches for the numbers; this, for whoever wrote them. */
  private boolean sane(long offset, long limit) {
    int length = length();
    return length >= Frame.HEADER
        && length % 8 == 0
        && offset + length <= limit
        && count() > 0
        && extent() >= 0
        && extent() <= length - Frame.HEADER
        && first() >= header.base();
  }

  /** Whether a whole frame stands there, every byte as it was written. */
  boolean frame(long offset, long limit) throws IOException {
    if (!header(offset, limit)) {
      return false;
    }
    int length = length();
    if (!load(offset, length, limit)) {
      return false;
    }
    frame = (int) (offset - windowAt);
    int sum =
        checksum
            .reset()
            .add(window, frame, frame + Frame.AT_CRC)
            .add(window, frame + Frame.HEADER, frame + length)
            .value();
    return sum == (window.getInt(frame + Frame.AT_CRC) ^ header.bodySalt());
  }

  /**
   * Where the next whole frame begins at or behind {@code offset} whose events are not before
   * {@code ordinal}; stands on it. -1 when there is none.
   */
  long find(long offset, long limit, long ordinal) throws IOException {
    for (long at = Frame.align(offset); at + Frame.HEADER <= limit; at += 8) {
      if (load(at, Frame.HEADER, limit)
          && window.getShort((int) (at - windowAt)) == Frame.MAGIC
          && header(at, limit)
          && first() >= ordinal
          && frame(at, limit)) {
        return at;
      }
    }
    return -1;
  }

  /** Brings a range into the window; never reads at or past the limit, where others may write. */
  private boolean load(long offset, int bytes, long limit) throws IOException {
    if (offset + bytes > limit) {
      return false;
    }
    if (offset >= windowAt && offset + bytes <= windowAt + window.limit()) {
      return true;
    }
    if (bytes > window.capacity()) {
      window = window(bytes);
    } else if (window.capacity() > WINDOW && bytes <= WINDOW) {
      window = window(WINDOW);
    }
    windowAt = offset;
    window.clear().limit((int) Math.min(window.capacity(), limit - offset));
    int end = window.limit();
    while (window.position() < end) {
      window.limit(Math.min(end, window.position() + WINDOW));
      if (file.read(window, offset + window.position()) <= 0) {
        break;
      }
    }
    window.limit(window.position()).position(0);
    return bytes <= window.limit();
  }

  int length() {
    return window.getInt(frame + Frame.AT_LENGTH);
  }

  int count() {
    return window.getInt(frame + Frame.AT_COUNT);
  }

  long first() {
    return window.getLong(frame + Frame.AT_FIRST);
  }

  /** Behind its last event. */
  long next() {
    return first() + count();
  }

  long time() {
    return window.getLong(frame + Frame.AT_TIME);
  }

  private int extent() {
    return window.getInt(frame + Frame.AT_EXTENT);
  }

  /** Events below this ordinal had been given to their appender as kept when it was written. */
  long forced() {
    boolean relaxed = (window.get(frame + Frame.AT_FLAGS) & Frame.RELAXED) != 0;
    return relaxed
        ? first()
        : first() - Integer.toUnsignedLong(window.getInt(frame + Frame.AT_UNFORCED));
  }

  /** The batch of the frame {@link #frame} or {@link #find} stands on. */
  Batch batch() {
    ByteBuffer body = window.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    body.limit(frame + length()).position(frame + Frame.HEADER);
    return reading.get(body, window.get(frame + Frame.AT_FLAGS), count(), extent());
  }

  /** Whether all bytes from there to the limit are zero: room that was never written. */
  boolean blank(long offset, long limit) throws IOException {
    for (long at = offset; at < limit; ) {
      int bytes = (int) Math.min(WINDOW, limit - at);
      if (!load(at, bytes, limit)) {
        return false;
      }
      int from = (int) (at - windowAt);
      for (int i = from; i < from + bytes; i++) {
        if (window.get(i) != 0) {
          return false;
        }
      }
      at += bytes;
    }
    return true;
  }

  long size() throws IOException {
    return file.size();
  }

  java.util.Optional<SegmentFooter> footer() throws IOException {
    return SegmentFooter.read(file, header);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
