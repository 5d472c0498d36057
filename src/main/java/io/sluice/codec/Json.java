package io.sluice.codec;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** JSON payloads on their way into lines. */
final class Json {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;

  private Json() {}

  /** Whether a media type says that the payload is one JSON text (RFC 6839 for {@code +json}). */
  static boolean is(String contentType) {
    return contentType.equals("application/json")
        || contentType.equals("application/x-ndjson")
        || contentType.equals("application/jsonl")
        || contentType.endsWith("+json");
  }

  /** Writes a JSON text with each line feed and carriage return as a space. */
  static void onOneLine(byte[] bytes, int start, int end, OutputStream out) throws IOException {
    int from = start;
    for (int at = nextBreak(bytes, from, end); at < end; at = nextBreak(bytes, from, end)) {
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
}
