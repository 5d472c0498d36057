package io.sluice.lease;

import io.sluice.lease.Register.Member;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which members live, as one of them sees it: those whose signs of life have changed within the
 * duration of a lease up to the latest look, by this host's own monotonic clock. Clocks of
 * different hosts are never compared. Confined as its {@link Keeper}.
 */
final class Observed {
  private final long lives;
  private long looked;
  private final Map<String, Sign> signs = new HashMap<>();

  /**
   * When a sign of life was first seen.
   *
   * @param there whether it still stands in the register
   */
  private record Sign(Member member, long since, boolean there) {}

  Observed(Duration lives) {
    this.lives = lives.toNanos();
  }

  /**
   * All that are there, and who holds something.
   *
   * @param begun when the look began, whose answer has come now: what is unchanged was so until
   *     then
   */
  void saw(List<Member> members, Collection<String> holders, long begun, long now) {
    looked = begun;
    signs.replaceAll((same, sign) -> new Sign(sign.member(), sign.since(), false));
    for (Member member : members) {
      Sign before = signs.get(member.identity());
      long since =
          before != null && before.member().beat().equals(member.beat()) ? before.since() : now;
      signs.put(member.identity(), new Sign(member, since, true));
    }
    // Somebody who is not there may have been struck out by mistake, and be about to say so.
    for (String holder : holders) {
      signs.computeIfAbsent(
          holder, unknown -> new Sign(new Member(unknown, "", List.of()), now, false));
    }
    signs
        .values()
        .removeIf(
            sign ->
                !sign.there()
                    && looked - sign.since() > lives
                    && !holders.contains(sign.member().identity()));
  }

  /** Whether somebody has to be reckoned with. */
  boolean living(String identity) {
    Sign sign = signs.get(identity);
    return sign != null && looked - sign.since() < lives;
  }

  /** Those that are there and live. */
  List<String> living() {
    return signs.values().stream()
        .filter(sign -> sign.there() && looked - sign.since() < lives)
        .map(sign -> sign.member().identity())
        .toList();
  }

  /** Living members that ask for a source. */
  Set<String> asking(String source) {
    return signs.values().stream()
        .filter(sign -> looked - sign.since() < lives && sign.member().asks().contains(source))
        .map(sign -> sign.member().identity())
        .collect(Collectors.toSet());
  }

  /** Those that have been dead for long. */
  List<Member> dead() {
    List<Member> all = new ArrayList<>();
    signs.values().stream()
        .filter(sign -> sign.there() && looked - sign.since() > 2 * lives)
        .forEach(sign -> all.add(sign.member()));
    return all;
  }
}
