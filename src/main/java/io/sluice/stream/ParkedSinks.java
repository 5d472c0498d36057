package io.sluice.stream;

import io.sluice.event.Position;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sinks that were fed once and take no more: what they do not have is kept, until somebody says
 * that they will not come back. Confined to the stream's event loop.
 */
final class ParkedSinks {
  private static final Logger LOG = LoggerFactory.getLogger(ParkedSinks.class);

  private final Map<String, Position> positions = new TreeMap<>();

  /** Whoever has a position and takes nothing is parked there. */
  void park(Log log, List<String> takers) {
    positions.clear();
    log.cursors()
        .forEach(
            (sink, held) -> {
              if (!takers.contains(sink)) {
                positions.put(sink, log.resume(held));
              }
            });
  }

  /** Says once what is kept, and what that costs. */
  void tell(String stream, Log log, long low) {
    for (StreamState.ParkedState state : states(log, low)) {
      LOG.atWarn()
          .addKeyValue("stream", stream)
          .addKeyValue("sink", state.sink())
          .addKeyValue("events", state.events())
          .addKeyValue("bytes", state.bytes())
          .log("events are kept for a sink that takes from the stream no more");
    }
  }

  /**
   * The ordinal before which nobody needs anything.
   *
   * @param low before which every sink that takes has everything
   */
  long needed(long low) {
    long needed = low;
    for (Position position : positions.values()) {
      needed = Math.min(needed, position.ordinal());
    }
    return needed;
  }

  boolean isEmpty() {
    return positions.isEmpty();
  }

  List<StreamState.ParkedState> states(Log log, long low) {
    return positions.entrySet().stream()
        .map(entry -> state(log, low, entry.getKey(), entry.getValue()))
        .toList();
  }

  private static StreamState.ParkedState state(Log log, long low, String sink, Position held) {
    Position position = log.resume(held);
    return new StreamState.ParkedState(
        sink,
        position,
        log.next().ordinal() - position.ordinal(),
        Math.max(0, log.bytesFrom(position.ordinal()) - log.bytesFrom(low)));
  }

  /** Forgets one; what was kept for it, or empty when it is not parked here. */
  Optional<StreamState.ParkedState> retire(Log log, long low, String sink) {
    Position held = positions.remove(sink);
    if (held == null) {
      return Optional.empty();
    }
    log.forgetCursor(sink);
    return Optional.of(state(log, low, sink, held));
  }
}
