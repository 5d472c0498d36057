package io.sluice.codec;

import io.sluice.event.Batch;
import io.sluice.event.Columns;
import io.sluice.event.Origin;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * CloudEvents in structured mode, in JSON (JSON Event Format 1.0.2), on their way from one stretch
 * of bytes into one batch: attributes become columns, the data becomes the payload.
 *
 * <p>{@code data} is kept byte for byte where it is JSON, and as the text that it is where its
 * content type says something else; {@code data_base64} is decoded. An event without data has a
 * payload of no bytes. Used by one thread, once.
 */
final class CloudEvents {
  private static final int SLACK = 64;

  private final byte[] in;
  private final JsonCheck check;
  private final Attributes attributes = new Attributes();

  private final List<@Nullable String> ids = new ArrayList<>();
  private final List<@Nullable String> keys = new ArrayList<>();
  private final List<@Nullable Instant> times = new ArrayList<>();
  private final List<Map<String, String>> others = new ArrayList<>();

  /** The payloads that are not in the bytes as they are; null for the others. */
  private final List<byte @Nullable []> decoded = new ArrayList<>();

  private int start;
  private int end;
  private byte @Nullable [] payload;
  private boolean text;

  /**
   * @param byLine whether a line feed ends an event, instead of being white space
   */
  CloudEvents(byte[] in, Limits limits, boolean byLine) {
    this.in = in;
    // One level is the event's own.
    this.check = new JsonCheck(in, limits.maxDepth() + 1, byLine, limits.distinctKeys());
  }

  /** What checks the JSON, and says what was wrong with the last event. */
  JsonCheck check() {
    return check;
  }

  /**
   * Reads the event that starts at {@code at}. Whether it is one, {@link #check} says.
   *
   * @return behind its last byte, or -1 when it has no end
   */
  int read(int at, int to) {
    int behind = check.value(at, to);
    if (check.flaws().flawed()) {
      return behind;
    }
    if (in[at] != '{') {
      return wrong(at, "a CloudEvent is a JSON object", behind);
    }
    attributes.clear();
    payload = null;
    text = false;
    start = -1;
    if (members(at + 1, behind)) {
      complete(at);
    }
    return behind;
  }

  /** The members of an object that is valid JSON; whether they are all right. */
  private boolean members(int from, int to) {
    int at = check.space(from, to);
    while (in[at] != '}') {
      int nameEnd = check.value(at, to);
      String name = Json.text(in, at, nameEnd);
      int value = check.space(check.space(nameEnd, to) + 1, to);
      int valueEnd = check.value(value, to);
      if (!member(name, value, valueEnd)) {
        return false;
      }
      at = check.space(valueEnd, to);
      if (in[at] == ',') {
        at = check.space(at + 1, to);
      }
    }
    return true;
  }

  private boolean member(String name, int at, int to) {
    if (name.equals("data")) {
      return data(at, to, null);
    }
    char first = (char) in[at];
    if (first == 'n') {
      return true;
    }
    if (name.equals("data_base64")) {
      return first == '"' ? base64(at, to) : fine(at, "data_base64 is not a string");
    }
    if (first == '{' || first == '[') {
      return fine(at, "an attribute is neither an object nor an array");
    }
    boolean quoted = first == '"';
    String value =
        quoted ? Json.text(in, at, to) : new String(in, at, to - at, StandardCharsets.US_ASCII);
    if (!quoted && first != 't' && first != 'f' && !integer(value)) {
      return fine(at, "a number that is an attribute is an integer of 32 bits");
    }
    return fine(at, attributes.put(name, value, quoted).orElse(""));
  }

  /** Whether nothing is wrong: {@code why} is empty. */
  private boolean fine(int at, String why) {
    if (!why.isEmpty()) {
      wrong(at, why, at);
    }
    return why.isEmpty();
  }

  private static boolean integer(String number) {
    try {
      Integer.parseInt(number);
      return true;
    } catch (NumberFormatException no) {
      return false;
    }
  }

  private boolean base64(int at, int to) {
    try {
      String encoded = Json.text(in, at, to);
      return data(at, to, Base64.getDecoder().decode(encoded));
    } catch (IllegalArgumentException no) {
      return fine(at, "data_base64 is not Base64");
    }
  }

  private boolean data(int at, int to, byte @Nullable [] bytes) {
    if (start >= 0) {
      return fine(at, "data is there twice");
    }
    start = at;
    end = to;
    payload = bytes;
    text = bytes == null && in[at] == '"';
    return true;
  }

  private void complete(int at) {
    List<String> missing = attributes.missing();
    if (!missing.isEmpty()) {
      check.flaws().note(Flaw.MISSING_ATTRIBUTE, at, "missing: " + String.join(", ", missing));
      return;
    }
    if (start < 0) {
      start = at;
      end = at;
      return;
    }
    String contentType = attributes.value(Attributes.CONTENT_TYPE);
    if (text && contentType != null && !Json.is(Origin.mediaType(contentType))) {
      payload = Json.text(in, start, end).getBytes(StandardCharsets.UTF_8);
    }
  }

  private int wrong(int at, String why, int behind) {
    check.flaws().note(Flaw.INVALID_CLOUDEVENT, at, why);
    return behind;
  }

  /** Where the data of the last event starts, as it was sent. */
  int start() {
    return start;
  }

  /** Behind the last byte of the data of the last event. */
  int end() {
    return end;
  }

  /** The last event is one of the batch. */
  void keep() {
    ids.add(attributes.value(Attributes.ID));
    keys.add(attributes.value(Attributes.PARTITION_KEY));
    times.add(attributes.time());
    others.add(attributes.rest());
    decoded.add(payload);
  }

  /**
   * The events kept, at least one, as a batch. The bytes are given away.
   *
   * @param bounds {@link #start} and {@link #end} of each; given away too
   */
  Batch batch(int[] bounds, Origin origin) {
    // An event is longer than its data, so there is room for a line feed behind each.
    int from = bounds[0];
    int at = from;
    boolean lines = true;
    for (int i = 0; i < bounds.length; i += 2) {
      byte[] bytes = decoded.get(i / 2);
      int length = bytes == null ? bounds[i + 1] - bounds[i] : bytes.length;
      System.arraycopy(bytes == null ? in : bytes, bytes == null ? bounds[i] : 0, in, at, length);
      lines &= Words.lineFeed(in, at, at + length) == at + length;
      bounds[i] = at;
      at += length;
      bounds[i + 1] = at;
      in[at++] = '\n';
    }
    if (in.length - (at - from) <= SLACK + (at - from) / 4) {
      return Batch.of(in, bounds, lines, origin, columns());
    }
    for (int i = 0; i < bounds.length; i++) {
      bounds[i] -= from;
    }
    return Batch.of(Arrays.copyOfRange(in, from, at), bounds, lines, origin, columns());
  }

  private Columns columns() {
    return new Columns(
        Collections.unmodifiableList(ids),
        keys.stream().allMatch(Objects::isNull) ? List.of() : Collections.unmodifiableList(keys),
        times.stream().allMatch(Objects::isNull) ? List.of() : Collections.unmodifiableList(times),
        Collections.unmodifiableList(others));
  }
}
