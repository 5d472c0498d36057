package io.sluice.source.poll.directory;

import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What the cursor holds of one file: how far it was read, and by what it is known again. Its text
 * is {@code key=value} between spaces, the name last. Immutable.
 *
 * @param offset behind the last line that was taken; of a compressed file, of what is in it. Bytes
 * @param packed the size of a compressed file; -1 of another. Bytes
 * @param state what is behind the offset
 * @param head checksum of the file's first bytes, see {@link Print}
 * @param tail checksum of the bytes in front of the offset
 * @param name the file when it was read, relative to the directory; for the operator
 */
record Mark(long offset, long packed, State state, int head, int tail, String name) {
  private static final String NAME = " name=";

  /** What is behind the offset. */
  enum State {
    /** A line, or the end of a file that may grow. */
    READING,
    /** The rest of a line that is longer than allowed. */
    SKIPPING,
    /** Nothing more will come: a compressed file was read to its end. */
    DONE
  }

  /** The text for the cursor. */
  String text() {
    return "offset="
        + offset
        + (packed < 0 ? "" : " packed=" + packed)
        + (state == State.READING ? "" : " state=" + state.name().toLowerCase(Locale.ROOT))
        + " head="
        + HexFormat.of().toHexDigits(head)
        + " tail="
        + HexFormat.of().toHexDigits(tail)
        + NAME
        + name;
  }

  /** What a text says; empty when it is none of ours. */
  static Optional<Mark> parse(String text) {
    int name = text.indexOf(NAME);
    if (name < 0) {
      return Optional.empty();
    }
    Map<String, String> values = values(text, name);
    try {
      return Optional.of(
          new Mark(
              Long.parseLong(values.getOrDefault("offset", "")),
              Long.parseLong(values.getOrDefault("packed", "-1")),
              State.valueOf(values.getOrDefault("state", "reading").toUpperCase(Locale.ROOT)),
              Integer.parseUnsignedInt(values.getOrDefault("head", ""), 16),
              Integer.parseUnsignedInt(values.getOrDefault("tail", ""), 16),
              text.substring(name + NAME.length())));
    } catch (IllegalArgumentException foreign) {
      return Optional.empty();
    }
  }

  private static Map<String, String> values(String text, int to) {
    Map<String, String> values = new HashMap<>();
    for (int from = 0; from < to; ) {
      int space = text.indexOf(' ', from);
      int equals = text.indexOf('=', from);
      if (equals < space) {
        values.put(text.substring(from, equals), text.substring(equals + 1, space));
      }
      from = space + 1;
    }
    return values;
  }

  /** Whether a file of this size holds nothing that was not read. */
  boolean complete(long size) {
    return packed < 0 ? offset == size : state == State.DONE && packed == size;
  }
}
