package io.sluice.codec;

import io.sluice.event.Batch;
import io.sluice.event.Columns;
import io.sluice.event.Origin;
import java.util.function.IntUnaryOperator;

/**
 * Splits bodies into events that stay in the body's own bytes: a batch is the body and a list of
 * numbers, however many events it has.
 *
 * <p>The bytes are given away: nobody else may read or write them from the call on, so a digest
 * over the body as it was sent is to be made before. Where a batch comes of them, what lies between
 * the events is taken out and each gets its line feed, so that the batch is {@linkplain
 * Batch#lines() in lines}; line feeds between the tokens of a JSON event become spaces for that.
 * That fails only when the last event reaches to the end of the array; so give an array with one
 * byte to spare behind the body. Bodies of one opaque event stay as they are.
 *
 * <p>Immutable; any thread may use it. Takes time in proportion to the bytes.
 */
public final class Splitter {
  private final Limits limits;

  public Splitter(Limits limits) {
    this.limits = limits;
  }

  /**
   * Splits the bytes of {@code region} between {@code from} and {@code to}.
   *
   * @param region given away; the byte at {@code to}, if there is one, is the splitter's to use
   * @param lenient whether the valid events are taken when others are not; a body whose structure
   *     is broken, or with more faults than {@link Limits#maxFaults}, is refused all the same
   */
  public Split split(Shape shape, byte[] region, int from, int to, Origin origin, boolean lenient) {
    Events events = new Events(region, from, limits, lenient);
    if (shape == Shape.CLOUDEVENT || shape == Shape.CLOUDEVENTS) {
      CloudEvents read = new CloudEvents(region, limits, false);
      cloudEvents(events, read, shape == Shape.CLOUDEVENTS, region, from, to);
      return events.split(bounds -> read.batch(bounds, origin));
    }
    switch (shape) {
      case JSON -> json(events, region, from, to);
      case NDJSON -> values(events, region, from, to);
      case TEXT -> texts(events, region, from, to);
      default -> {
        if (from < to) {
          events.add(from, to);
        }
      }
    }
    return events.split(shape != Shape.OPAQUE, origin, Columns.NONE);
  }

  /**
   * The one event of a body that is known by what came beside it, as a CloudEvent in binary mode
   * is. The body may be empty, is kept as it is, and has to be one JSON text if its content type
   * says so.
   *
   * @param body given away
   * @param size how many of its bytes count
   * @param columns what is known of it
   */
  public Split one(byte[] body, int size, Origin origin, Columns columns) {
    int[] whole = {0, size};
    Batch batch = Batch.of(body, whole, false, origin, columns);
    Events events = new Events(body, 0, limits, false);
    if (size > 0 && Json.is(batch.event(0).contentType())) {
      json(events, body, 0, size, false);
    } else {
      events.add(0, size);
    }
    return events.split(found -> batch);
  }

  /** Reads one CloudEvent, or those in an array. */
  private void cloudEvents(
      Events events, CloudEvents read, boolean array, byte[] region, int from, int to) {
    JsonCheck check = read.check();
    int at = check.space(from, to);
    if (at == to) {
      events.fault(at, Flaw.EMPTY, "no JSON value");
    } else if (array && region[at] == '[') {
      elements(events, check, region, at, to, start -> element(events, read, start, to));
    } else if (array) {
      events.fault(at, Flaw.INVALID_CLOUDEVENT, "a batch of CloudEvents is a JSON array");
    } else {
      cloudEvent(events, read, at, to);
    }
  }

  /** The event at {@code at}, with nothing behind it. */
  private void cloudEvent(Events events, CloudEvents read, int at, int to) {
    int end = read.read(at, to);
    int rest = end < 0 ? to : read.check().space(end, to);
    if (rest < to) {
      read.check().flaws().trailing(rest, to);
    }
    read(events, read, at, end);
  }

  private int element(Events events, CloudEvents read, int at, int to) {
    return read(events, read, at, read.read(at, to));
  }

  private int read(Events events, CloudEvents read, int at, int end) {
    if (read.check().flaws().flawed()) {
      events.fault(read.check().flaws());
    } else if (end - at > limits.maxEventBytes()) {
      events.tooLarge(at);
    } else if (events.add(read.start(), read.end())) {
      read.keep();
    }
    return end;
  }

  /**
   * Makes an event of each message, whatever its value holds; those that are no good are named, and
   * the others taken.
   *
   * @param shape {@link Shape#JSON}, {@link Shape#CLOUDEVENT}, or {@link Shape#OPAQUE} for whatever
   *     there is
   * @param region given away; one byte behind each message is the splitter's to use
   * @param bounds start and end of each message in the region, alternating, ascending
   */
  public Split messages(Shape shape, byte[] region, int[] bounds, Origin origin) {
    Events events = new Events(region, 0, limits, true);
    if (shape == Shape.CLOUDEVENT) {
      return cloudEvents(events, region, bounds, origin);
    }
    JsonCheck check = new JsonCheck(region, limits.maxDepth(), false, limits.distinctKeys());
    boolean feeds = false;
    for (int i = 0; i < bounds.length; i += 2) {
      int from = bounds[i];
      int to = bounds[i + 1];
      int at = shape == Shape.JSON ? check.space(from, to) : from;
      if (at == to) {
        events.fault(at, Flaw.EMPTY, "an empty message");
      } else if (shape == Shape.JSON) {
        message(events, check, at, to);
      } else {
        feeds |= Words.lineFeed(region, from, to) < to;
        events.add(from, to);
      }
    }
    return events.split(!feeds, origin, Columns.NONE);
  }

  private Split cloudEvents(Events events, byte[] region, int[] bounds, Origin origin) {
    CloudEvents read = new CloudEvents(region, limits, false);
    for (int i = 0; i < bounds.length; i += 2) {
      int at = read.check().space(bounds[i], bounds[i + 1]);
      if (at == bounds[i + 1]) {
        events.fault(at, Flaw.EMPTY, "an empty message");
      } else {
        cloudEvent(events, read, at, bounds[i + 1]);
      }
    }
    return events.split(exact -> read.batch(exact, origin));
  }

  private static void message(Events events, JsonCheck check, int at, int to) {
    int end = check.value(at, to);
    int rest = end < 0 ? to : check.space(end, to);
    if (rest < to) {
      check.flaws().trailing(rest, to);
    }
    events.checked(check, at, end);
  }

  private void json(Events events, byte[] region, int from, int to) {
    json(events, region, from, to, true);
  }

  /**
   * Reads one JSON text.
   *
   * @param array whether an array is taken apart
   */
  private void json(Events events, byte[] region, int from, int to, boolean array) {
    JsonCheck check = new JsonCheck(region, limits.maxDepth(), false, limits.distinctKeys());
    int at = check.space(from, to);
    if (at == to) {
      events.fault(at, Flaw.EMPTY, "no JSON value");
      return;
    }
    if (array && region[at] == '[') {
      elements(
          events,
          check,
          region,
          at,
          to,
          element -> {
            int end = check.value(element, to);
            events.checked(check, element, end);
            return end;
          });
    } else if (value(events, check, region, at, to) < 0) {
      events.broken();
    }
  }

  /** The value that starts at {@code at}, with nothing behind it on its line; where that ends. */
  private static int value(Events events, JsonCheck check, byte[] region, int at, int to) {
    int end = check.value(at, to);
    int rest = end < 0 ? end : check.space(end, to);
    if (rest >= 0 && rest < to && region[rest] != '\n') {
      check.flaws().trailing(rest, to);
      rest = -1;
    }
    events.checked(check, at, end);
    return rest;
  }

  /**
   * Reads an array.
   *
   * @param element reads what starts at a byte, and says behind which it ends, or -1
   */
  private static void elements(
      Events events, JsonCheck check, byte[] region, int at, int to, IntUnaryOperator element) {
    at = check.space(at + 1, to);
    boolean more = at == to || region[at] != ']';
    while (more) {
      int end = element.applyAsInt(at);
      if (end < 0 || events.over()) {
        events.broken();
        return;
      }
      at = check.space(end, to);
      if (at == to || (region[at] != ',' && region[at] != ']')) {
        check.flaws().unseparated(at, to);
        events.fault(check.flaws());
        events.broken();
        return;
      }
      more = region[at] == ',';
      if (more) {
        at = check.space(at + 1, to);
      }
    }
    int rest = check.space(at + 1, to);
    if (rest < to) {
      check.flaws().trailing(rest, to);
      events.fault(check.flaws());
      events.broken();
    }
  }

  private void values(Events events, byte[] region, int from, int to) {
    JsonCheck check = new JsonCheck(region, limits.maxDepth(), true, limits.distinctKeys());
    int at = from;
    while (at < to && !events.over()) {
      int start = check.space(at, to);
      if (start == to || region[start] == '\n') {
        events.blank();
        at = start + 1;
      } else {
        int end = value(events, check, region, start, to);
        at = 1 + (end < 0 ? Words.lineFeed(region, start, to) : end);
      }
    }
  }

  private static void texts(Events events, byte[] region, int from, int to) {
    int at = from;
    while (at < to && !events.over()) {
      int feed = Words.lineFeed(region, at, to);
      int end = feed > at && region[feed - 1] == '\r' ? feed - 1 : feed;
      if (end == at) {
        events.blank();
      } else {
        events.add(at, end);
      }
      at = feed + 1;
    }
  }
}
