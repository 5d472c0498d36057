package io.sluice.source.poll.directory;

import java.util.zip.CRC32C;

/**
 * The first bytes of a file and those in front of an offset: by them a file is told from another
 * one that has got its inode. Used by one thread at a time.
 */
final class Print {
  static final int HEAD = 256;
  static final int TAIL = 64;

  private final byte[] head = new byte[HEAD];
  private final byte[] tail = new byte[TAIL];
  private int headSize;
  private int tailSize;

  /** Takes bytes as the file's first ones, as far as there is room. */
  void head(byte[] bytes, int from, int to) {
    int more = Math.min(HEAD - headSize, to - from);
    System.arraycopy(bytes, from, head, headSize, more);
    headSize += more;
  }

  /** Takes bytes as those in front of the offset, behind those that were. */
  void tail(byte[] bytes, int from, int to) {
    int fresh = Math.min(TAIL, to - from);
    int kept = Math.min(tailSize, TAIL - fresh);
    System.arraycopy(tail, tailSize - kept, tail, 0, kept);
    System.arraycopy(bytes, to - fresh, tail, kept, fresh);
    tailSize = kept + fresh;
  }

  int headSum() {
    return sum(head, headSize);
  }

  int tailSum() {
    return sum(tail, tailSize);
  }

  private static int sum(byte[] bytes, int size) {
    CRC32C sum = new CRC32C();
    sum.update(bytes, 0, size);
    return (int) sum.getValue();
  }
}
