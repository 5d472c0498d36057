package io.sluice.flow;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for credit, and whose turn it is: round robin by party, measured in bytes. However many
 * places one party has in it and however large they are, another that waits is given as many bytes.
 *
 * <p>What deficit round robin does in rounds of a quantum, this does byte by byte: each party's
 * first place carries the byte count at which a round robin of single bytes would have served it,
 * and the lowest is next (self-clocked fair queueing, Golestani 1994). So a small place that comes
 * late goes before a large one for which credit is still being gathered, and a large one is passed
 * by each other party with no more bytes than it asks for itself. Two parties that wait all the
 * time are never given byte counts further apart than their two largest places.
 *
 * <p>Remembers nobody who does not wait. Knows no bus and no clock; confined to its lane's event
 * loop.
 *
 * @param <T> what waits
 */
final class Line<T> {
  private final Map<Object, Party<T>> parties = new HashMap<>();
  private final TreeSet<Party<T>> turns = new TreeSet<>();

  /** The count of the place that was served last. */
  private long count;

  private long joined;
  private int size;

  /** One of a party's places. */
  static final class Place<T> {
    private final Party<T> party;
    private final long bytes;
    private final T waiting;

    private Place(Party<T> party, long bytes, T waiting) {
      this.party = party;
      this.bytes = bytes;
      this.waiting = waiting;
    }

    long bytes() {
      return bytes;
    }

    T waiting() {
      return waiting;
    }
  }

  private static final class Party<T> implements Comparable<Party<T>> {
    final Object who;
    final LinkedHashSet<Place<T>> places = new LinkedHashSet<>();

    /** The count from which its first place is measured. */
    long from;

    /** The count at which its turn comes. */
    long turn;

    /** Of equal turns the older one goes first. */
    long since;

    long bytes;

    Party(Object who, long from) {
      this.who = who;
      this.from = from;
    }

    Place<T> first() {
      return places.iterator().next();
    }

    @Override
    public int compareTo(Party<T> other) {
      int byTurn = Long.compare(turn, other.turn);
      return byTurn != 0 ? byTurn : Long.compare(since, other.since);
    }
  }

  /** Takes a place behind the others of the same party. */
  Place<T> join(Object who, long bytes, T waiting) {
    Party<T> party = parties.computeIfAbsent(who, first -> new Party<>(first, count));
    Place<T> place = new Place<>(party, bytes, waiting);
    party.places.add(place);
    party.bytes += bytes;
    size++;
    if (party.places.size() == 1) {
      queue(party);
    }
    return place;
  }

  private void queue(Party<T> party) {
    party.turn = party.from + party.first().bytes;
    party.since = ++joined;
    turns.add(party);
  }

  /** Whose turn it is; null when nobody waits. */
  @Nullable Place<T> first() {
    return turns.isEmpty() ? null : turns.first().first();
  }

  /** The first is served. */
  void serve(Place<T> place) {
    count = place.party.turn;
    place.party.from = count;
    leave(place);
  }

  /** Somebody waits no longer. Does nothing the second time. */
  void leave(Place<T> place) {
    Party<T> party = place.party;
    boolean first = !party.places.isEmpty() && party.first() == place;
    if (!party.places.remove(place)) {
      return;
    }
    party.bytes -= place.bytes;
    size--;
    if (first) {
      turns.remove(party);
      if (party.places.isEmpty()) {
        parties.remove(party.who);
      } else {
        queue(party);
      }
    }
  }

  /** All places of some parties. */
  List<Place<T>> places(Predicate<Object> who) {
    return parties.values().stream()
        .filter(party -> who.test(party.who))
        .flatMap(party -> party.places.stream())
        .toList();
  }

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }

  /** The most bytes that are given before a party that joins now has been given {@code bytes}. */
  long ahead(Object who, long bytes) {
    Party<T> mine = parties.get(who);
    long own = mine == null ? 0 : mine.bytes;
    long ahead = own;
    for (Party<T> party : turns) {
      ahead += party == mine ? 0 : Math.min(party.bytes, own + bytes);
    }
    return ahead;
  }
}
