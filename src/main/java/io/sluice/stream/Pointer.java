package io.sluice.stream;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Finds the value a JSON pointer (RFC 6901) names in a payload, in one pass up to that value,
 * without making objects. Of members with the same name the first counts. What is not well-formed
 * up to there has no such value. Confined to one thread at a time.
 */
final class Pointer {
  private static final int NONE = -1;

  private final byte[][] names;
  private final int[] places;
  private byte[] bytes = {};
  private int end;
  private int from;
  private int to;
  private boolean text;
  private boolean escaped;

  /** A pointer, as {@link By#parse} takes it: it begins with a slash. */
  Pointer(String pointer) {
    String[] tokens = pointer.substring(1).split("/", -1);
    names = new byte[tokens.length][];
    places = new int[tokens.length];
    for (int i = 0; i < tokens.length; i++) {
      String name = tokens[i].replace("~1", "/").replace("~0", "~");
      names[i] = name.getBytes(StandardCharsets.UTF_8);
      places[i] = name.matches("0|[1-9][0-9]{0,8}") ? Integer.parseInt(name) : NONE;
    }
  }

  /**
   * Looks for a string, a number or a truth value.
   *
   * @return whether there is one; then {@link #from}, {@link #to} and the others tell of it
   */
  boolean find(byte[] region, int start, int limit) {
    bytes = region;
    end = limit;
    int at = space(start);
    for (int depth = 0; depth < names.length && at >= 0; depth++) {
      at = at < end && bytes[at] == '{' ? member(at, names[depth]) : element(at, places[depth]);
    }
    return at >= 0 && at < end && scalar(at);
  }

  /** Where the value starts; a string's behind its quote. */
  int from() {
    return from;
  }

  /** Behind the value's last byte; a string's before its quote. */
  int to() {
    return to;
  }

  boolean isText() {
    return text;
  }

  boolean isEscaped() {
    return escaped;
  }

  private boolean scalar(int at) {
    byte first = bytes[at];
    if (first == '"') {
      int close = string(at);
      from = at + 1;
      to = close - 1;
      text = true;
      return close >= 0;
    }
    text = false;
    escaped = false;
    from = at;
    to = token(at);
    return to > from && first != 'n' && first != '{' && first != '[';
  }

  private int space(int start) {
    int at = start;
    while (at < end && bytes[at] <= ' ' && bytes[at] >= 0) {
      at++;
    }
    return at;
  }

  /** Where a member's value starts, from the object's start on. */
  private int member(int object, byte[] name) {
    int at = space(object + 1);
    while (at < end && bytes[at] == '"') {
      int close = string(at);
      if (close < 0) {
        return NONE;
      }
      boolean same =
          escaped ? sameUnescaped(at + 1, close - 1, name) : same(at + 1, close - 1, name);
      at = space(close);
      if (at >= end || bytes[at] != ':') {
        return NONE;
      }
      at = space(at + 1);
      if (same) {
        return at;
      }
      at = next(at);
      if (at < 0) {
        return NONE;
      }
    }
    return NONE;
  }

  private int element(int array, int place) {
    if (place < 0 || array >= end || bytes[array] != '[') {
      return NONE;
    }
    int at = space(array + 1);
    for (int i = 0; i < place && at >= 0; i++) {
      at = next(at);
    }
    return at;
  }

  /** Over a value and the comma behind it; NONE when there is none. */
  private int next(int value) {
    int at = skip(value);
    at = at < 0 ? end : space(at);
    return at < end && bytes[at] == ',' ? space(at + 1) : NONE;
  }

  /** Behind a value. */
  private int skip(int value) {
    int at = value;
    int depth = 0;
    while (at < end) {
      byte is = bytes[at];
      if (is == '"') {
        at = string(at);
        if (at < 0) {
          return NONE;
        }
      } else if (is == '{' || is == '[') {
        depth++;
        at++;
      } else if (is == '}' || is == ']') {
        if (depth == 0) {
          return NONE; // the end of what is around it
        }
        depth--;
        at++;
      } else if (depth > 0) {
        at++;
        continue;
      } else {
        return token(at);
      }
      if (depth <= 0) {
        return at;
      }
    }
    return NONE;
  }

  /** Behind a number or word. */
  private int token(int start) {
    int at = start;
    while (at < end
        && bytes[at] > ' '
        && bytes[at] != ','
        && bytes[at] != ']'
        && bytes[at] != '}') {
      at++;
    }
    return at;
  }

  /** Behind a string's closing quote. */
  private int string(int open) {
    escaped = false;
    int at = open + 1;
    while (at < end) {
      byte is = bytes[at];
      if (is == '"') {
        return at + 1;
      }
      escaped |= is == '\\';
      at += is == '\\' ? 2 : 1;
    }
    return NONE;
  }

  private boolean same(int start, int close, byte[] name) {
    return close - start == name.length
        && java.util.Arrays.equals(bytes, start, close, name, 0, name.length);
  }

  private boolean sameUnescaped(int start, int close, byte[] name) {
    return java.util.Arrays.equals(unescaped(bytes, start, close), name);
  }

  /** A string's characters in UTF-8, with what was escaped in it. */
  static byte[] unescaped(byte[] bytes, int start, int close) {
    StringBuilder units = new StringBuilder();
    ByteArrayOutputStream plain = new ByteArrayOutputStream(close - start);
    int at = start;
    while (at < close) {
      if (bytes[at] != '\\' || at + 1 >= close) {
        plain.write(bytes[at]);
        at++;
      } else if (bytes[at + 1] == 'u' && at + 5 < close) {
        units.append((char) hex(bytes, at + 2));
        at += 6;
        boolean more = at + 1 < close && bytes[at] == '\\' && bytes[at + 1] == 'u';
        if (!more) {
          plain.writeBytes(units.toString().getBytes(StandardCharsets.UTF_8));
          units.setLength(0);
        }
      } else {
        plain.write(character(bytes[at + 1]));
        at += 2;
      }
    }
    plain.writeBytes(units.toString().getBytes(StandardCharsets.UTF_8));
    return plain.toByteArray();
  }

  private static int hex(byte[] bytes, int at) {
    int value = 0;
    for (int i = at; i < at + 4; i++) {
      value = value << 4 | (Character.digit(bytes[i], 16) & 0xF);
    }
    return value;
  }

  private static int character(byte escape) {
    return switch (escape) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> escape;
    };
  }
}
