package io.sluice.codec;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * Takes a body apart into records while it comes in, holding none of it. Whether a record is good
 * is not looked at here: only where it ends.
 *
 * <p>One for each body. Used by one thread.
 */
public sealed interface RecordStream permits DocumentRecords, LineRecords, WholeRecords {
  /** Where the records go. */
  interface Output {
    /**
     * Takes the next bytes of a record, which are the caller's again when the call returns.
     *
     * @return whether they were taken; if not, the stream ends with {@link Flaw#TOO_LARGE}
     */
    boolean append(byte[] bytes, int from, int to);

    /** The record is whole. */
    void end();
  }

  /** What is wrong with a body, with one sentence that has nothing of it. */
  record Failure(Flaw flaw, String detail) {}

  /** Takes the next bytes of the body. After a failure it must not be fed again. */
  Optional<Failure> feed(byte[] in, int from, int to);

  /** Says that the body is at its end. */
  Optional<Failure> finish();

  /**
   * What the text of each value is that was asked for, and that stands outside of the records; once
   * the body is at its end. Strings, numbers and truth values only.
   */
  Map<String, String> values();

  /**
   * Records of one JSON text: the elements of an array, or one object.
   *
   * @param pointer where they are in it (RFC 6901); null is none
   * @param asked pointers to values outside of them
   */
  static RecordStream in(String pointer, Collection<String> asked, Output out) {
    return new DocumentRecords(pointer, asked, out);
  }

  /** The elements of one JSON text that is an array, or else the text. */
  static RecordStream whole(Output out) {
    return new WholeRecords(out);
  }

  /** A record a line, but for blank ones. */
  static RecordStream lines(Output out) {
    return new LineRecords(out);
  }
}
