package io.sluice.flow;

import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a lane offered and has no answer for: to the intake of now, and to the one before for as
 * long as that may still tell what it took. Confined to the lane's event loop.
 */
final class InFlight<R> {
  /** Each answer, and where its spending began. */
  private final Map<Promise<R>, Long> now = new LinkedHashMap<>();

  private @Nullable Past<R> past;

  /** A session that is over, and what had no answer then. */
  private record Past<R>(long session, Map<Promise<R>, Long> offered) {
    void end() {
      List<Promise<R>> owed = List.copyOf(offered.keySet());
      offered.clear();
      owed.forEach(answer -> answer.tryFail("the receiver was replaced while this was in flight"));
    }
  }

  /** Something is offered whose spending begins at {@code from}. */
  Promise<R> offered(long from) {
    Promise<R> answer = Promise.promise();
    now.put(answer, from);
    return answer;
  }

  void answered(Promise<R> answer) {
    now.remove(answer);
    if (past != null) {
      past.offered().remove(answer);
    }
  }

  /** Whether the intake of now owes no answer. */
  boolean isEmpty() {
    return now.isEmpty();
  }

  /** Whether the intake before owes answers that may still come. */
  boolean owedByPast() {
    return past != null && !past.offered().isEmpty();
  }

  /** The intake of now took what was offered before {@code received}, and nothing behind it. */
  void turnedAway(long received) {
    turnedAway(now, received);
  }

  /** As {@link #turnedAway(long)}, should that intake be the one before. */
  void turnedAwayBefore(long session, long received) {
    Past<R> before = past;
    if (before != null && before.session() == session) {
      turnedAway(before.offered(), received);
    }
  }

  private static <R> void turnedAway(Map<Promise<R>, Long> offered, long received) {
    List<Promise<R>> untaken = new ArrayList<>();
    offered.forEach(
        (answer, from) -> {
          if (from >= received) {
            untaken.add(answer);
          }
        });
    untaken.forEach(offered::remove);
    untaken.forEach(answer -> answer.tryFail(new NotTakenException()));
  }

  /**
   * There is another intake.
   *
   * @param session the one that is over
   * @return how to end the wait for its last word, when it owes something
   */
  Optional<Runnable> restart(long session) {
    endPast();
    if (now.isEmpty()) {
      return Optional.empty();
    }
    Past<R> over = new Past<>(session, new LinkedHashMap<>(now));
    now.clear();
    past = over;
    return Optional.of(over::end);
  }

  /** Nothing more will be heard of the intake before. */
  void endPast() {
    Past<R> before = past;
    if (before != null) {
      before.end();
      past = null;
    }
  }
}
