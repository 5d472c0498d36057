package io.sluice.source.websocket;

import io.sluice.codec.Limits;
import io.sluice.codec.Shape;
import io.sluice.codec.Split;
import io.sluice.codec.Splitter;
import io.sluice.event.Origin;
import java.time.Clock;

/** Makes events of messages. Confined to its endpoint's event loop. */
final class Sorter {
  private static final int MANY = Integer.MAX_VALUE;

  private final String source;
  private final Accept accept;
  private final boolean byLine;
  private final Splitter splitter;
  private final Clock clock;

  Sorter(String source, WebSocketSourceConfig config, Clock clock) {
    this.source = source;
    this.accept = config.accept();
    this.byLine = config.split() == SplitBy.LINES;
    int maxEventBytes = (int) config.maxEventBytes().bytes();
    this.splitter =
        new Splitter(new Limits(maxEventBytes, MANY, Limits.USUAL.maxDepth(), MANY, false));
    this.clock = clock;
  }

  /** The events of messages, those that are no good apart; each counted. */
  Split sort(Inbox.Messages messages, String principal) {
    Origin origin = new Origin(source, principal, type(messages.text()), clock.instant());
    byte[] region = messages.region();
    int[] bounds = messages.bounds();
    if (!byLine) {
      return splitter.messages(shape(), region, bounds, origin);
    }
    int end = bounds[bounds.length - 1];
    return splitter.split(
        accept == Accept.JSON ? Shape.NDJSON : Shape.TEXT, region, 0, end, origin, true);
  }

  private Shape shape() {
    return switch (accept) {
      case ANY -> Shape.OPAQUE;
      case JSON -> Shape.JSON;
      case CLOUDEVENTS -> Shape.CLOUDEVENT;
    };
  }

  private String type(boolean text) {
    if (accept != Accept.ANY) {
      return "application/json";
    }
    return text ? "text/plain" : "application/octet-stream";
  }
}
