package io.sluice.lease;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Which member should have which source: highest random weight (Thaler and Ravishankar 1998). All
 * who know the same members come to the same answer, each has about as many sources, and a member
 * that comes or goes moves only those it gets or had.
 */
final class Rendezvous {
  private Rendezvous() {}

  /**
   * The members in the order in which they should have a source.
   *
   * @param members identities; who comes back under its name comes back to its sources
   */
  static List<String> order(String source, Collection<String> members) {
    return members.stream()
        .sorted(
            Comparator.<String>comparingLong(member -> weight(source, member))
                .thenComparing(Comparator.naturalOrder()))
        .toList();
  }

  /** FNV-1a over both, and a finish (that of MurmurHash3) in which every bit counts. */
  private static long weight(String source, String member) {
    long hash = mixed(mixed(0xCBF29CE484222325L, Identities.name(member)), "\n" + source);
    hash = (hash ^ (hash >>> 33)) * 0xFF51AFD7ED558CCDL;
    hash = (hash ^ (hash >>> 33)) * 0xC4CEB9FE1A85EC53L;
    return hash ^ (hash >>> 33);
  }

  private static long mixed(long hash, String text) {
    long mixed = hash;
    for (int i = 0; i < text.length(); i++) {
      mixed = (mixed ^ text.charAt(i)) * 0x100000001B3L;
    }
    return mixed;
  }
}
