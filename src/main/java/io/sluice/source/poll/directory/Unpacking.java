package io.sluice.source.poll.directory;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The way to where a compressed file is to be read on: first all of it is looked at, then what was
 * read before is passed over. Step by step, because either can take long. Used by one thread at a
 * time. Blocks.
 */
final class Unpacking implements Closeable {
  /** Bytes that are passed over in one go. */
  private static final int STRETCH = 8 << 20;

  private final FileChannel channel;
  private final Found file;
  private final Integrity integrity;
  private final byte[] head = new byte[Print.HEAD];
  private final int headSize;

  private @Nullable Mark mark;
  private boolean whole;
  private boolean broken;
  private Print print = new Print();
  private @Nullable Content content;
  private long passed;

  /**
   * Begins.
   *
   * @param channel closed with this, or with the content that comes of it
   * @param mark how far it was read
   */
  Unpacking(FileChannel channel, Found file, @Nullable Mark mark) throws IOException {
    this.channel = channel;
    this.file = file;
    this.headSize = Opened.read(channel, head, 0, (int) Math.min(Print.HEAD, file.size()));
    this.mark = mark != null && begins(mark) ? mark : null;
    this.integrity = new Integrity(channel, file.gzip());
  }

  private boolean begins(Mark mark) {
    Print before = new Print();
    before.head(head, 0, (int) Math.min(headSize, mark.packed()));
    return before.headSum() == mark.head();
  }

  /** Whether the mark is of this file; if not, it is read from its start. */
  boolean known() {
    return mark != null;
  }

  /** Whether it turned out to be damaged or not all there: nothing of it can be taken. */
  boolean broken() {
    return broken;
  }

  /** Takes the next step; empty unless that was the last one. */
  Optional<Opened> step() throws IOException {
    if (!whole) {
      Integrity.Verdict verdict = integrity.look();
      whole = verdict == Integrity.Verdict.WHOLE;
      broken = verdict == Integrity.Verdict.BROKEN;
      if (whole) {
        integrity.close();
      }
      return Optional.empty();
    }
    Content from = content;
    if (from == null) {
      from = begin();
    }
    return pass(from);
  }

  private Content begin() throws IOException {
    Content fresh = Content.packed(channel, file.gzip());
    print = new Print();
    print.head(head, 0, headSize);
    passed = 0;
    content = fresh;
    return fresh;
  }

  private Optional<Opened> pass(Content from) throws IOException {
    long offset = mark == null ? 0 : mark.offset();
    byte[] buffer = new byte[64 << 10];
    int got = 0;
    for (long stop = Math.min(offset, passed + STRETCH); passed < stop && got >= 0; ) {
      got = from.read(buffer, 0, (int) Math.min(buffer.length, stop - passed));
      print.tail(buffer, 0, Math.max(got, 0));
      passed += Math.max(got, 0);
    }
    if (mark == null) {
      return Optional.of(new Opened(from, 0, false, print));
    }
    if (got < 0 || (passed == offset && print.tailSum() != mark.tail())) {
      mark = null;
      begin();
      return Optional.empty();
    }
    boolean skipping = mark.state() == Mark.State.SKIPPING;
    return passed < offset
        ? Optional.empty()
        : Optional.of(new Opened(from, offset, skipping, print));
  }

  @Override
  public void close() throws IOException {
    integrity.close();
    channel.close();
  }
}
