package io.sluice.stream;

import io.sluice.event.Position;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a stream stood at the end of the last second.
 *
 * @param first the oldest event that can still be read
 * @param next behind the newest event
 * @param bytes what counts against {@code maxBytes}
 * @param limit {@code maxBytes}
 * @param granted bytes of credit that sources hold or have in flight
 * @param healthy whether the stream takes events at all
 * @param feeds its sinks
 * @param parked sinks that take from it no more, and for which it keeps what they do not have
 */
public record StreamState(
    Position first,
    Position next,
    long bytes,
    long limit,
    long granted,
    boolean healthy,
    List<FeedState> feeds,
    List<ParkedState> parked) {

  /**
   * How far one sink is.
   *
   * @param sink its name
   * @param settled the ordinal before which it has everything
   * @param lost events that were gone before it had them
   * @param lag age of the oldest event it does not have; empty where it has everything
   * @param bytes what the events take that it does not have; nearly
   */
  public record FeedState(
      String sink, long settled, long lost, Optional<Duration> lag, long bytes) {}

  /**
   * Where a sink was that takes no more.
   *
   * @param events how many it does not have
   * @param bytes what is kept for it beyond what the stream's sinks still need
   */
  public record ParkedState(String sink, Position position, long events, long bytes) {}

  /** Nothing is known yet. */
  static final StreamState NONE =
      new StreamState(Position.START, Position.START, 0, 0, 0, false, List.of(), List.of());

  /** Age of the oldest event that a sink does not have; empty where it has everything. */
  public Optional<Duration> age(String sink) {
    return feeds.stream()
        .filter(feed -> feed.sink().equals(sink))
        .findFirst()
        .flatMap(FeedState::lag);
  }

  /** What is kept for sinks that take no more, beyond what the others need. Bytes. */
  public long parkedBytes() {
    return parked.stream().mapToLong(ParkedState::bytes).max().orElse(0);
  }

  /** Events that a sink has still to take. */
  public long lag(String sink) {
    return feeds.stream()
        .filter(feed -> feed.sink().equals(sink))
        .mapToLong(feed -> next.ordinal() - feed.settled())
        .sum();
  }
}
