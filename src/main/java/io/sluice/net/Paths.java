package io.sluice.net;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Paths of requests, compared as RFC 3986 section 6.2.2 says. */
public final class Paths {
  private Paths() {}

  /**
   * The path with percent encodings undone and dots resolved, once; an encoded slash stays encoded.
   *
   * @return null when it is malformed: an incomplete or zero escape, bytes that are not UTF-8
   */
  public static @Nullable String normal(String path) {
    String decoded = path.indexOf('%') < 0 ? path : decoded(path);
    if (decoded == null || decoded.indexOf("/.") < 0) {
      return decoded;
    }
    Deque<String> segments = new ArrayDeque<>();
    String last = "";
    for (String segment : decoded.substring(1).split("/", -1)) {
      last = segment;
      if (segment.equals("..")) {
        segments.pollLast();
      } else if (!segment.equals(".")) {
        segments.addLast(segment);
      }
    }
    String joined = "/" + String.join("/", segments);
    return last.equals(".") || last.equals("..") ? joined + "/" : joined;
  }

  private static @Nullable String decoded(String path) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(path.length());
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c != '%') {
        if (c > 0x7E) {
          return null;
        }
        bytes.write(c);
        continue;
      }
      if (i + 2 >= path.length()
          || !HexFormat.isHexDigit(path.charAt(i + 1))
          || !HexFormat.isHexDigit(path.charAt(i + 2))) {
        return null;
      }
      int value = HexFormat.fromHexDigits(path, i + 1, i + 3);
      if (value == 0) {
        return null;
      }
      if (value == '/') {
        bytes.writeBytes(new byte[] {'%', '2', 'F'});
      } else {
        bytes.write(value);
      }
      i += 2;
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException notUtf8) {
      return null;
    }
  }
}
