package io.sluice.codec;

/**
 * Finds where records begin and end in a stream of bytes. Copies nothing and allocates nothing on
 * the word of a sender.
 *
 * <p>One for each connection: it keeps its place between calls. Used by one thread.
 */
public interface Framing {
  /** Is told what is found, in order. */
  interface Found {
    /** A whole record, of at least one byte. */
    void record(int start, int end);

    /**
     * A frame that is no good, and can be passed over.
     *
     * @return whether to look on behind it
     */
    boolean bad(BadFrame why);
  }

  /**
   * Looks through {@code in} from {@code from} to {@code to}. What is behind the answer is to be
   * given again at the next call, with more behind it.
   *
   * @return behind the last whole frame, where the unfinished one begins; -1 when the stream cannot
   *     be read on, about which {@code found} was told
   */
  int find(byte[] in, int from, int to, Found found);

  /** Whether the stream is in the midst of a frame of which nothing has to be given again. */
  boolean skipping();

  /**
   * One record a line: ends with a line feed or with carriage return and line feed. Empty lines are
   * none.
   *
   * @param max bytes of the longest record
   */
  static Framing lines(int max) {
    return new LineFraming(max);
  }

  /**
   * Each record behind its length.
   *
   * @param bytes of the length: 1, 2, 4 or 8, unsigned
   * @param bigEndian whether the first of them is the most significant
   * @param max bytes of the longest record
   */
  static Framing lengths(int bytes, boolean bigEndian, int max) {
    return new LengthFraming(bytes, bigEndian, max);
  }

  /**
   * Octet counting by RFC 6587 section 3.4.1: the length in decimal digits, a space, the record.
   *
   * @param max bytes of the longest record
   */
  static Framing counted(int max) {
    return new CountedFraming(max);
  }
}
