package io.sluice.codec;

/** How a body holds its events. */
public enum Shape {
  /** One JSON text: an array is one event per element, anything else one event. */
  JSON,
  /** One JSON value per line. */
  NDJSON,
  /** One event per line, whatever it holds. */
  TEXT,
  /** One CloudEvent as a JSON object. */
  CLOUDEVENT,
  /** A JSON array of CloudEvents. */
  CLOUDEVENTS,
  /** The body is one event. */
  OPAQUE;

  /**
   * The shape of a media type.
   *
   * @param mediaType lower case, without parameters
   */
  public static Shape of(String mediaType) {
    return switch (mediaType) {
      case "application/json" -> JSON;
      case "application/x-ndjson", "application/ndjson", "application/jsonl" -> NDJSON;
      case "application/cloudevents+json" -> CLOUDEVENT;
      case "application/cloudevents-batch+json" -> CLOUDEVENTS;
      case "text/plain" -> TEXT;
      default -> OPAQUE;
    };
  }

  /** The media type of each event of a body of type {@code mediaType}, unless it says another. */
  public String eventType(String mediaType) {
    return this == NDJSON || this == CLOUDEVENT || this == CLOUDEVENTS
        ? "application/json"
        : mediaType;
  }
}
