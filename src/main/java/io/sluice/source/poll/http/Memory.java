package io.sluice.source.poll.http;

import io.sluice.connector.PollException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a poll remembers of those before it, to notice that it goes round in circles. Confined to
 * the event loop of its poll.
 */
final class Memory {
  /** How often something may come again before it counts as no way on. */
  static final int REPEATS = 3;

  private static final int MAX_PLACES = 100_000;

  private final Set<Long> places = new HashSet<>();
  private Optional<String> rest = Optional.empty();
  private long digest;
  private int alike;
  private int stuck;

  /**
   * A poll begins at a place. What is known of pages holds on only where it goes on behind the poll
   * before: otherwise pages may be read a second time for good reasons.
   */
  void begin(Optional<String> place) {
    if (place.isEmpty() || !place.equals(rest)) {
      places.clear();
      alike = 0;
      digest = 0;
    }
    rest = Optional.empty();
    place.ifPresent(here -> places.add(print(here)));
  }

  /** A poll ended, and the next is to go on at this place. */
  void goesOn(Optional<String> place) {
    rest = place;
  }

  /**
   * A page leads to this place.
   *
   * @throws PollException when it did before
   */
  void leads(String place) {
    if (places.size() < MAX_PLACES && !places.add(print(place))) {
      throw PollException.lasting("page-loop", "a page leads to one that was read before");
    }
  }

  private static long print(String place) {
    try {
      byte[] whole =
          MessageDigest.getInstance("SHA-256").digest(place.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(whole).getLong();
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
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
