package io.sluice.sink.file;

import io.sluice.event.Batch;
import io.sluice.event.Delivery;
import io.sluice.event.Origin;
import io.sluice.event.Position;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Says where events go, and remembers it for the next ones. Confined to the sink's thread. */
final class Router {
  private static final int MOST_KEYS = 4096;
  private static final long HOUR = 3600;
  private static final String NO_KEY = "_";

  private final PathTemplate template;
  private final String sink;

  /** By key, for events that have all else in common with the last one. */
  private final Map<String, Target> known = new HashMap<>();

  private String stream = "";
  private String source = "";
  private long hour = Long.MIN_VALUE;

  Router(PathTemplate template, String sink) {
    this.template = template;
    this.sink = sink;
  }

  /**
   * All of a delivery's events but the first {@code skip}, in order.
   *
   * @throws UnfitPathException when one of them cannot be written anywhere
   */
  List<Piece> pieces(Delivery delivery, long skip) throws UnfitPathException {
    List<Piece> pieces = new ArrayList<>(delivery.batches().size());
    Position first = delivery.first();
    long left = skip;
    for (Batch batch : delivery.batches()) {
      if (left < batch.size()) {
        divide(delivery.stream(), batch, first, (int) left, pieces);
      }
      left = Math.max(0, left - batch.size());
      first = first.plus(batch.size());
    }
    return pieces;
  }

  private void divide(String stream, Batch batch, Position first, int from, List<Piece> pieces)
      throws UnfitPathException {
    if (!template.perEvent()) {
      Target target = target(stream, batch.origin(), NO_KEY);
      pieces.add(new Piece(batch, first, from, batch.size(), target));
      return;
    }
    int start = from;
    Target target = target(stream, batch.origin(), key(batch, from));
    for (int i = from + 1; i < batch.size(); i++) {
      Target next = target(stream, batch.origin(), key(batch, i));
      if (!next.equals(target)) {
        pieces.add(new Piece(batch, first, start, i, target));
        start = i;
        target = next;
      }
    }
    pieces.add(new Piece(batch, first, start, batch.size(), target));
  }

  private static String key(Batch batch, int index) {
    return batch.event(index).key().orElse(NO_KEY);
  }

  private Target target(String stream, Origin origin, String key) throws UnfitPathException {
    long hour = Math.floorDiv(origin.received().getEpochSecond(), HOUR);
    if (hour != this.hour
        || !stream.equals(this.stream)
        || !origin.source().equals(this.source)
        || known.size() > MOST_KEYS) {
      known.clear();
      this.hour = hour;
      this.stream = stream;
      this.source = origin.source();
    }
    Target target = known.get(key);
    if (target == null) {
      target = template.resolve(sink, stream, origin, key);
      known.put(key, target);
    }
    return target;
  }
}
