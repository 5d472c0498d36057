package io.sluice.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that was probably meant. */
final class Nearest {
  private Nearest() {}

  /** The candidate that needs the fewest edits, if it needs few for its length. */
  static Optional<String> to(String word, Collection<String> candidates) {
    String plain = plain(word);
    int tolerated = Math.max(1, plain.length() / 3);
    return candidates.stream()
        .filter(candidate -> distance(plain, plain(candidate)) <= tolerated)
        .min(
            Comparator.<String>comparingInt(candidate -> distance(plain, plain(candidate)))
                .thenComparing(Comparator.naturalOrder()));
  }

  /** The same, as a question for the operator. */
  static Optional<String> hint(String word, Collection<String> candidates) {
    return to(word, candidates).map(name -> "did you mean \"" + name + "\"?");
  }

  /** Without what people mix up between naming styles; cut, so that the cost stays bounded. */
  private static String plain(String word) {
    String letters = word.toLowerCase(Locale.ROOT).replaceAll("[-_. ]", "");
    return letters.length() <= 64 ? letters : letters.substring(0, 64);
  }

  /** Edits between the two: insert, delete, replace, swap neighbours. */
  private static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        int replace = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int best = Math.min(replace, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        cost[i][j] = swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
      }
    }
    return cost[a.length()][b.length()];
  }
}
