package io.sluice.stream;

import java.util.List;
import java.util.UUID;

/**
 * Events that a replica has in its log, and that it asks for. Places are counted from {@code from}.
 *
 * @param from the ordinal of the first event
 * @param to the ordinal behind the last one
 * @param remembered verdicts on events before this ordinal need not be kept any more
 */
record Claim(long from, long to, long remembered, List<Numbered> numbered, List<Keyed> keyed) {
  /**
   * Events of a client's session: a batch, of which each event has a number.
   *
   * @param first the first number
   * @param last the last one
   * @param base up to this number the replica knows that nothing is missing
   * @param place of the first event
   * @param size how many events; fewer than numbers where some are left out
   * @param received when; milliseconds since 1970 by this host's clock
   */
  record Numbered(
      String session, long first, long last, long base, int place, int size, long received) {}

  /**
   * An event with a key.
   *
   * @param key its hash
   * @param received when; milliseconds since 1970 by this host's clock
   */
  record Keyed(UUID key, int place, long received) {}
}
