package io.sluice.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whose turn it is: single scenes, and random walks held against what fairness demands. */
class LineTest {
  private static final int LARGEST = 1000;

  private final Line<String> line = new Line<>();

  private List<String> serveAll() {
    List<String> served = new ArrayList<>();
    for (Line.Place<String> first = line.first(); first != null; first = line.first()) {
      line.serve(first);
      served.add(first.waiting());
    }
    return served;
  }

  @Test
  void servesOnePartyInTheOrderItCame() {
    line.join("a", 300, "first");
    line.join("a", 1, "second");
    line.join("a", 20, "third");

    assertThat(serveAll()).containsExactly("first", "second", "third");
  }

  @Test
  void letsAPartyThatComesLateGoBeforeTheRestOfAnothersThousand() {
    for (int i = 0; i < 1000; i++) {
      line.join("flood", 100, "flood");
    }
    line.join("late", 100, "late");

    assertThat(serveAll().indexOf("late")).isLessThanOrEqualTo(1);
  }

  @Test
  void letsASmallOneGoBeforeALargeOneForWhichCreditIsStillGathered() {
    line.join("large", 10_000_000, "large");
    line.join("small", 1000, "small");

    assertThat(serveAll()).containsExactly("small", "large");
  }

  @Test
  void servesALargeOneWhenTheSmallOnesHaveBeenGivenAsMuch() {
    line.join("large", 10_000, "large");
    List<String> served = new ArrayList<>();
    while (!served.contains("large")) {
      Line.Place<String> small = line.join("small", 100, "small");
      Line.Place<String> first = line.first();
      line.serve(first);
      served.add(first.waiting());
      line.leave(small);
    }

    assertThat(served).hasSize(100);
  }

  @Test
  void sharesTurnsOfOnePartyOutByBytesNotByPlaces() {
    for (int i = 0; i < 1000; i++) {
      line.join("heavy", 1000, "heavy");
      line.join("light", 10, "light");
    }

    List<String> first = serveAll().subList(0, 505);

    assertThat(first.stream().filter("heavy"::equals)).hasSizeBetween(4, 6);
  }

  @Test
  void letsThoseBehindWhoeverGivesUpAdvanceAsIfItHadNeverStoodThere() {
    Line.Place<String> huge = line.join("a", 1_000_000, "huge");
    line.join("a", 10, "a");
    line.join("b", 20, "b");

    line.leave(huge);
    line.leave(huge);

    assertThat(serveAll()).containsExactly("a", "b");
  }

  @Test
  void countsAheadOfSomebodyNoMoreOfOthersThanItIsGivenItself() {
    line.join("flood", 1_000_000, "flood");
    line.join("me", 100, "me");
    line.join("other", 30, "other");

    assertThat(line.ahead("me", 50)).isEqualTo(100 + 150 + 30);
    assertThat(line.ahead("new", 50)).isEqualTo(50 + 50 + 30);
  }

  static LongStream seeds() {
    return LongStream.range(0, 50);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void neverLetsAnyPartyFallBehindAnotherAndLosesNobody(long seed) {
    World world = new World(new Random(seed));
    for (int step = 0; step < 2000; step++) {
      world.step();
    }
    world.drain();
  }

  /** A line beside what is known of it without looking inside. */
  private static final class World {
    final Random random;
    final Line<String> line = new Line<>();
    final Map<String, ArrayDeque<Line.Place<String>>> places = new HashMap<>();

    /** What each party was given while another waited without a break, by both. */
    final Map<String, Map<String, Long>> given = new HashMap<>();

    World(Random random) {
      this.random = random;
    }

    void step() {
      switch (random.nextInt(10)) {
        case 0, 1, 2, 3 -> join();
        case 4 -> leave();
        default -> serve();
      }
      int waiting = places.values().stream().mapToInt(ArrayDeque::size).sum();
      assertThat(line.size()).as("places").isEqualTo(waiting);
      assertThat(line.isEmpty()).isEqualTo(waiting == 0);
    }

    void join() {
      String who = "party-" + (random.nextInt(3) == 0 ? 0 : random.nextInt(6));
      long bytes = 1L + random.nextInt(largest(who));
      ArrayDeque<Line.Place<String>> own = places.computeIfAbsent(who, n -> new ArrayDeque<>());
      own.add(line.join(who, bytes, who));
      if (own.size() == 1) {
        given.put(who, new HashMap<>());
        given.values().forEach(others -> others.remove(who));
      }
    }

    void leave() {
      List<String> waiting = places.keySet().stream().sorted().toList();
      if (!waiting.isEmpty()) {
        String who = waiting.get(random.nextInt(waiting.size()));
        line.leave(places.get(who).removeLast());
        forgetIfGone(who);
      }
    }

    void serve() {
      Line.Place<String> first = line.first();
      if (first == null) {
        return;
      }
      String who = first.waiting();
      assertThat(places.get(who).remove()).as("the oldest of its party").isSameAs(first);
      line.serve(first);
      for (String other : places.keySet()) {
        if (!other.equals(who)) {
          given.get(other).merge(who, first.bytes(), Long::sum);
          long mine = given.get(who).getOrDefault(other, 0L);
          long theirs = given.get(other).getOrDefault(who, 0L);
          assertThat(theirs - mine)
              .as("bytes %s was given more than %s while both waited", who, other)
              .isLessThanOrEqualTo(largest(who) + largest(other));
        }
      }
      forgetIfGone(who);
    }

    static int largest(String who) {
      return who.endsWith("0") ? LARGEST : LARGEST / 20;
    }

    void forgetIfGone(String who) {
      if (places.get(who).isEmpty()) {
        places.remove(who);
        given.remove(who);
        given.values().forEach(others -> others.remove(who));
      }
    }

    void drain() {
      int left = line.size();
      for (int i = 0; i < left; i++) {
        serve();
      }
      assertThat(line.first()).isNull();
      assertThat(places).isEmpty();
      assertThat(line.ahead("anybody", 1)).isZero();
    }
  }
}
