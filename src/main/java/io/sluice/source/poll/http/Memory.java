package io.sluice.source.poll.http;

import io.sluice.connector.PollException;
import java.util.HashSet;
import java.util.Set;

/**
 * What a poll remembers of those before it, to notice that it goes round in circles. Confined to
 * the event loop of its poll.
 */
final class Memory {
  /** How often something may come again before it counts as no way on. */
  static final int REPEATS = 3;

  private static final int MAX_PLACES = 100_000;

  private final Set<String> places = new HashSet<>();
  private long digest;
  private int alike;
  private int stuck;

  /** A walk over pages begins anew. */
  void begin() {
    places.clear();
    alike = 0;
    digest = 0;
  }

  /**
   * A page leads to this place.
   *
   * @throws PollException when it did before
   */
  void leads(String place) {
    if (places.size() < MAX_PLACES && !places.add(place)) {
      throw PollException.lasting("page-loop", "a page leads to one that was read before");
    }
  }

  /**
   * A page has these records.
   *
   * @throws PollException when it is the same for the third time
   */
  void has(Page page) {
    Harvest harvest = page.harvest();
    if (harvest == null || harvest.records() == 0) {
      return;
    }
    alike = harvest.digest() == digest ? alike + 1 : 1;
    digest = harvest.digest();
    if (alike >= REPEATS) {
      throw PollException.lasting(
          "page-loop", REPEATS + " pages have the same records, one behind the other");
    }
  }

  /**
   * A poll brought records.
   *
   * @param moved whether the cursor is another behind it
   * @throws PollException when it was not, again and again
   */
  void moved(boolean moved) {
    stuck = moved ? 0 : stuck + 1;
    if (stuck > REPEATS) {
      throw PollException.lasting(
          "cursor-stuck", "the cursor stays the same, though each answer has records");
    }
  }
}
