package io.sluice.codec;

import io.sluice.codec.RecordStream.Failure;
import io.sluice.codec.RecordStream.Output;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds where the elements of a JSON array end, by its brackets and quotes, over any number of
 * chunks. Used by one thread.
 */
final class Elements {
  private enum State {
    /** Behind the opening bracket. */
    FIRST,
    /** Behind a comma. */
    NEXT,
    /** Behind an element. */
    BEHIND,
    /** In a word or number. */
    WORD,
    /** Between the tokens of an object or array. */
    INSIDE,
    STRING,
    ESCAPE,
    DONE
  }

  private final Output out;
  private final boolean single;
  private State state;
  private int depth;
  private @Nullable Failure failure;

  private Elements(Output out, boolean single, State state, int depth) {
    this.out = out;
    this.single = single;
    this.state = state;
    this.depth = depth;
  }

  /** Behind an array's opening bracket. */
  static Elements array(Output out) {
    return new Elements(out, false, State.FIRST, 0);
  }

  /** Before one value. */
  static Elements value(Output out) {
    return new Elements(out, true, State.NEXT, 0);
  }

  /** Behind the opening brace of an object, which is the one record. */
  static Elements object(Output out) {
    return new Elements(out, true, State.INSIDE, 1);
  }

  /** Whether the last element was found: the array's closing bracket comes next. */
  boolean done() {
    return state == State.DONE;
  }

  Optional<Failure> failure() {
    return Optional.ofNullable(failure);
  }

  /**
   * Looks through the next bytes.
   *
   * @return behind the last byte that was looked at: {@code to}, or where an array's closing
   *     bracket is, or behind a single value; -1 when there is a {@linkplain #failure() failure}
   */
  int feed(byte[] in, int from, int to) {
    int at = from;
    int start = from;
    while (at < to && state != State.DONE) {
      byte c = in[at];
      switch (state) {
        case FIRST, NEXT -> {
          if (space(c)) {
            at++;
          } else if (c == ']' && state == State.FIRST) {
            state = State.DONE;
          } else if (c == ',' || c == ']' || c == '}' || c == ':') {
            return fail("a value is expected");
          } else {
            start = at++;
            begin(c);
          }
        }
        case BEHIND -> {
          if (c == ',') {
            state = State.NEXT;
          } else if (c == ']') {
            state = State.DONE;
            return at;
          } else if (!space(c)) {
            return fail(JsonFlaws.SEPARATOR);
          }
          at++;
        }
        case WORD -> {
          if (space(c) || c == ',' || c == ']' || c == '}') {
            if (!whole(in, start, at)) {
              return -1;
            }
          } else {
            at++;
          }
        }
        case INSIDE -> {
          at++;
          if (c == '"') {
            state = State.STRING;
          } else if (c == '{' || c == '[') {
            depth++;
          } else if ((c == '}' || c == ']') && --depth == 0 && !whole(in, start, at)) {
            return -1;
          }
        }
        case STRING -> {
          at = quote(in, at, to);
          if (at < to) {
            c = in[at++];
            if (c == '\\') {
              state = State.ESCAPE;
            } else if (depth > 0) {
              state = State.INSIDE;
            } else if (!whole(in, start, at)) {
              return -1;
            }
          }
        }
        case ESCAPE -> {
          at++;
          state = State.STRING;
        }
        case DONE -> throw new IllegalStateException("done");
      }
    }
    boolean open = state != State.DONE && state.compareTo(State.BEHIND) > 0;
    return open && !out.append(in, start, at) ? tooLarge() : at;
  }

  private void begin(byte c) {
    if (c == '"') {
      state = State.STRING;
    } else if (c == '{' || c == '[') {
      depth = 1;
      state = State.INSIDE;
    } else {
      state = State.WORD;
    }
  }

  private boolean whole(byte[] in, int start, int end) {
    if (end > start && !out.append(in, start, end)) {
      tooLarge();
      return false;
    }
    out.end();
    state = single ? State.DONE : State.BEHIND;
    return true;
  }

  /** A text that is a word or number ends with its body. */
  void finish() {
    if (state == State.WORD && single) {
      out.end();
      state = State.DONE;
    }
  }

  /** The first quote or backslash from {@code at}, or {@code to}. */
  private static int quote(byte[] in, int from, int to) {
    int at = from;
    while (at < to && in[at] != '"' && in[at] != '\\') {
      at++;
    }
    return at;
  }

  static boolean space(byte c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
  }

  private int tooLarge() {
    failure = LineRecords.tooLarge().orElseThrow();
    return -1;
  }

  private int fail(String detail) {
    failure = new Failure(Flaw.INVALID_JSON, detail);
    return -1;
  }
}
