package io.sluice.source.poll.http;

import io.sluice.connector.PollException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far records go that hold the cursor, by the greatest value of them. Confined to the event
 * loop of its poll.
 */
final class Reach {
  private final String pointer;
  private final boolean ordered;
  private final Optional<Mark> from;
  private @Nullable Mark seen;
  private @Nullable Mark passed;

  /**
   * Nothing was seen in this poll.
   *
   * @param ordered whether no record may be behind one before it
   * @param from where the cursor is
   * @param seen the greatest value of the pages before, if these go on behind others
   */
  Reach(String pointer, boolean ordered, Optional<String> from, Optional<String> seen) {
    this.pointer = pointer;
    this.ordered = ordered;
    this.from = from.map(Mark::of);
    this.seen = seen.map(Mark::of).orElse(null);
  }

  String pointer() {
    return pointer;
  }

  /**
   * A record has this value.
   *
   * @throws PollException when it cannot be a cursor, or is out of order
   */
  void see(String value) {
    if (value.length() > Mark.MAX_LENGTH) {
      throw PollException.lasting(
          "cursor-missing",
          "the value at " + pointer + " has more than " + Mark.MAX_LENGTH + " characters");
    }
    Mark next = Mark.of(value);
    Mark most = seen;
    int order = most == null ? 1 : next.compareTo(most);
    if (ordered && order < 0) {
      throw PollException.lasting(
          "cursor-backwards", "a record is behind the one before it, though ordered says never");
    }
    if (order > 0) {
      passed = most;
      seen = next;
    }
  }

  /** The greatest value; none when there was no record. */
  Optional<String> greatest() {
    return Optional.ofNullable(seen).map(Mark::text);
  }

  /**
   * Up to where everything was seen for sure: in order, and with a greater value behind it. Others
   * with the greatest value may follow.
   */
  Optional<String> passed() {
    return ordered ? Optional.ofNullable(passed).map(Mark::text) : Optional.empty();
  }

  /** Whether all there was is behind the cursor. */
  boolean backwards() {
    Mark most = seen;
    return most != null && from.isPresent() && most.compareTo(from.get()) < 0;
  }
}
