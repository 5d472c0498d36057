package io.sluice.codec;

import io.sluice.event.Columns;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The head of an HTTP request as the attributes of a CloudEvent in binary mode (HTTP Protocol
 * Binding 1.0.2, section 3.1): headers that begin with {@code ce-}, their values percent-encoded,
 * and {@code Content-Type}.
 *
 * @param columns the attributes, for one event; none when something is wrong
 * @param fault what is wrong, if anything
 */
public record CloudEventHeaders(Columns columns, Optional<Fault> fault) {
  private static final String PREFIX = "ce-";

  /**
   * Reads a head.
   *
   * @param headers all headers of the request, each character of a value one byte of it
   */
  public static CloudEventHeaders read(Iterable<Map.Entry<String, String>> headers) {
    Attributes attributes = new Attributes();
    for (Map.Entry<String, String> header : headers) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      Optional<String> wrong = Optional.empty();
      if (name.equals("content-type")) {
        wrong = attributes.put(Attributes.CONTENT_TYPE, header.getValue(), true);
      } else if (name.startsWith(PREFIX)) {
        wrong = attribute(attributes, name.substring(PREFIX.length()), header.getValue());
      }
      if (wrong.isPresent()) {
        return wrong(Flaw.INVALID_CLOUDEVENT, PREFIX + wrong.get());
      }
    }
    List<String> missing = attributes.missing();
    return missing.isEmpty()
        ? new CloudEventHeaders(columns(attributes), Optional.empty())
        : wrong(
            Flaw.MISSING_ATTRIBUTE,
            missing.stream()
                .map(PREFIX::concat)
                .collect(Collectors.joining(", ", "missing: ", "")));
  }

  private static Optional<String> attribute(Attributes attributes, String name, String value) {
    if (name.equals(Attributes.CONTENT_TYPE)) {
      return Optional.of(name + " is what Content-Type is for");
    }
    Optional<String> text = decoded(unquoted(value.strip()));
    return text.isPresent()
        ? attributes.put(name, text.get(), true)
        : Optional.of(name + " is not percent-encoded UTF-8");
  }

  /** What a quoted string of RFC 7230, section 3.2.6, says; earlier versions sent such. */
  private static String unquoted(String value) {
    int end = value.length() - 1;
    if (end < 1 || value.charAt(0) != '"' || value.charAt(end) != '"') {
      return value;
    }
    StringBuilder text = new StringBuilder(end);
    for (int at = 1; at < end; at++) {
      if (value.charAt(at) == '\\' && at + 1 < end) {
        at++;
      }
      text.append(value.charAt(at));
    }
    return text.toString();
  }

  /** One round of percent-decoding. */
  private static Optional<String> decoded(String value) {
    ByteBuffer bytes = ByteBuffer.allocate(value.length());
    for (int at = 0; at < value.length(); at++) {
      char c = value.charAt(at);
      if (c > '~') {
        return Optional.empty();
      }
      if (c == '%') {
        int high = at + 2 < value.length() ? Character.digit(value.charAt(at + 1), 16) : -1;
        int low = high < 0 ? -1 : Character.digit(value.charAt(at + 2), 16);
        if (low < 0) {
          return Optional.empty();
        }
        c = (char) (high << 4 | low);
        at += 2;
      }
      bytes.put((byte) c);
    }
    try {
      return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString());
    } catch (CharacterCodingException wrong) {
      return Optional.empty();
    }
  }

  private static Columns columns(Attributes attributes) {
    String id = attributes.value(Attributes.ID);
    String key = attributes.value(Attributes.PARTITION_KEY);
    Instant time = attributes.time();
    return new Columns(
        id == null ? List.of() : List.<@Nullable String>of(id),
        key == null ? List.of() : List.<@Nullable String>of(key),
        time == null ? List.of() : List.<@Nullable Instant>of(time),
        List.of(attributes.rest()));
  }

  private static CloudEventHeaders wrong(Flaw flaw, String detail) {
    return new CloudEventHeaders(Columns.NONE, Optional.of(new Fault(0, 1, 0, flaw, detail)));
  }
}
