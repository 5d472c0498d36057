package io.sluice.source.http;

import io.sluice.codec.Shape;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The media type of a body.
 *
 * @param shape how it holds its events
 * @param eventType the media type of each event
 * @param utf8 whether its text is UTF-8, as far as it says
 */
record MediaType(Shape shape, String eventType, boolean utf8) {
  private static final MediaType NOT_SAID = plain("application/octet-stream");

  /** Those that nearly all requests have, as they are spelt. */
  private static final Map<String, MediaType> USUAL =
      Map.of(
          "application/json", plain("application/json"),
          "application/json; charset=utf-8", plain("application/json"),
          "application/x-ndjson", plain("application/x-ndjson"),
          "application/jsonl", plain("application/jsonl"),
          "text/plain", plain("text/plain"));

  private static MediaType plain(String type) {
    Shape shape = Shape.of(type);
    return new MediaType(shape, shape.eventType(type), true);
  }

  /** Reads a {@code Content-Type}; null when it is none. */
  static @Nullable MediaType of(@Nullable String contentType) {
    if (contentType == null) {
      return NOT_SAID;
    }
    MediaType usual = USUAL.get(contentType);
    return usual != null ? usual : read(contentType.toLowerCase(Locale.ROOT));
  }

  private static @Nullable MediaType read(String contentType) {
    int end = contentType.indexOf(';');
    String type = (end < 0 ? contentType : contentType.substring(0, end)).strip();
    int slash = type.indexOf('/');
    if (slash < 1 || slash == type.length() - 1 || type.indexOf(' ') >= 0 || type.length() > 128) {
      return null;
    }
    MediaType plain = plain(type);
    int charset = contentType.indexOf("charset=");
    if (end < 0 || charset < 0) {
      return plain;
    }
    String name = contentType.substring(charset + "charset=".length()).replace("\"", "").strip();
    boolean utf8 = name.startsWith("utf-8") || name.startsWith("utf8") || name.startsWith("us-asc");
    return new MediaType(plain.shape(), plain.eventType(), utf8);
  }

  /** Whether it says that the body is CloudEvents, in whatever format. */
  boolean cloudEvents() {
    return shape == Shape.CLOUDEVENT
        || shape == Shape.CLOUDEVENTS
        || eventType.startsWith("application/cloudevents");
  }

  /** Whether a body of it can be split; CloudEvents cannot in formats other than JSON. */
  boolean known() {
    return shape != Shape.OPAQUE || !cloudEvents();
  }

  /** Whether it says that the body is JSON, lines of it, or CloudEvents in it. */
  boolean json() {
    return (shape != Shape.OPAQUE && shape != Shape.TEXT);
  }

  /** Whether an {@code Accept} lets an answer be JSON. */
  static boolean accepts(@Nullable String accept) {
    if (accept == null || accept.equals("*/*") || accept.isBlank()) {
      return true;
    }
    for (String range : accept.toLowerCase(Locale.ROOT).split(",", -1)) {
      int end = range.indexOf(';');
      String type = (end < 0 ? range : range.substring(0, end)).strip();
      boolean json =
          type.equals("*/*") || type.equals("application/*") || type.equals("application/json");
      if (json && !range.replace(" ", "").matches(".*;q=0(\\.0*)?$")) {
        return true;
      }
    }
    return false;
  }
}
