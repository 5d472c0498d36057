package io.sluice.codec;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** JSON payloads on their way into lines. */
final class Json {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;

  /** How deep a payload may go that is written into other JSON. */
  private static final int DEEPEST = 1000;

  private Json() {}

  /** Whether a media type says that the payload is one JSON text (RFC 6839 for {@code +json}). */
  static boolean is(String contentType) {
    return contentType.endsWith("/json") || contentType.endsWith("+json");
  }

  /**
   * Writes a JSON text with each line feed and carriage return as a space. What is not JSON after
   * all is written as it is.
   */
  static void onOneLine(byte[] bytes, int start, int end, OutputStream out) throws IOException {
    int from = start;
    int first = nextBreak(bytes, from, end);
    if (first < end && !holds(bytes, start, end)) {
      first = end;
    }
    for (int at = first; at < end; at = nextBreak(bytes, from, end)) {
      out.write(bytes, from, at - from);
      out.write(' ');
      from = at + 1;
    }
    out.write(bytes, from, end - from);
  }

  /**
   * Where the next line feed or carriage return is, or {@code end}. Looks at eight bytes a step.
   */
  static int nextBreak(byte[] bytes, int start, int end) {
    int at = start;
    while (at + Long.BYTES <= end) {
      long word = (long) LONGS.get(bytes, at);
      if ((holdsZero(word ^ ('\n' * ONES)) | holdsZero(word ^ ('\r' * ONES))) != 0) {
        break;
      }
      at += Long.BYTES;
    }
    while (at < end && bytes[at] != '\n' && bytes[at] != '\r') {
      at++;
    }
    return at;
  }

  private static long holdsZero(long word) {
    return (word - ONES) & ~word & HIGHS;
  }

  /** Whether bytes are one JSON text, whatever is said of them. */
  static boolean holds(byte[] bytes, int start, int end) {
    JsonCheck check = new JsonCheck(bytes, DEEPEST, false);
    int from = check.space(start, end);
    int to = check.value(from, end);
    return to >= 0 && !check.flaws().flawed() && check.space(to, end) == end;
  }

  /** What a JSON string means that is valid and stands at {@code start} with its quotes. */
  static String text(byte[] in, int start, int end) {
    String raw = new String(in, start + 1, end - start - 2, StandardCharsets.UTF_8);
    int escape = raw.indexOf('\\');
    if (escape < 0) {
      return raw;
    }
    StringBuilder text = new StringBuilder(raw.length());
    int at = 0;
    while (escape >= 0) {
      text.append(raw, at, escape);
      char c = raw.charAt(escape + 1);
      at = escape + 2;
      switch (c) {
        case 'b' -> text.append('\b');
        case 'f' -> text.append('\f');
        case 'n' -> text.append('\n');
        case 'r' -> text.append('\r');
        case 't' -> text.append('\t');
        case 'u' -> {
          text.append((char) Integer.parseInt(raw, at, at + 4, 16));
          at += 4;
        }
        default -> text.append(c);
      }
      escape = raw.indexOf('\\', at);
    }
    return text.append(raw, at, raw.length()).toString();
  }
}
