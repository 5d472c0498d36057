package io.sluice.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.harness.Effort;
import io.sluice.harness.MaxLog;
import io.sluice.harness.Seeds;
import io.sluice.harness.SluiceExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.event.Level;

/** Replicas over a register, in a world in which everything goes wrong, by a clock of its own. */
@ExtendWith(SluiceExtension.class)
@MaxLog(Level.WARN)
class KeeperModelTest {
  private static final List<String> SOURCES =
      IntStream.range(0, 12).mapToObj(i -> "orders-" + i).toList();

  private final FakeWorld world = new FakeWorld();
  private final FakeRegister register = new FakeRegister();
  private final List<FakeReplica> replicas = new ArrayList<>();
  private final Map<String, Long> terms = new HashMap<>();
  private final Map<String, Long> reached = new HashMap<>();
  private Random random = new Random(1);

  private FakeReplica join(String name) {
    FakeReplica replica =
        new FakeReplica(world, register, random, name + "/1", SOURCES, new Checks()).begin();
    replicas.add(replica);
    return replica;
  }

  /** What must hold of every commit that succeeds, and of every poll. */
  private final class Checks implements FakeReplica.Ledger {
    @Override
    public void committed(String source, long term, long from, long to) {
      assertThat(term).isGreaterThanOrEqualTo(terms.getOrDefault(source, 0L));
      terms.put(source, term);
      assertThat(to).isGreaterThan(from);
      reached.put(source, to);
    }

    @Override
    public void polled(String source, String identity, boolean valid) {
      if (valid) {
        assertThat(
                replicas.stream()
                    .filter(other -> !other.dead && !other.identity.equals(identity))
                    .filter(other -> other.holdsValid(source)))
            .as("others that may poll " + source + " while " + identity + " does")
            .isEmpty();
      }
    }
  }

  private Set<String> owned() {
    Set<String> all = new TreeSet<>();
    replicas.stream().filter(each -> !each.dead).forEach(each -> all.addAll(each.holds().keySet()));
    return all;
  }

  @Test
  void threeShareThePollsAndAreStable() {
    world.calm = true;
    List.of("pod-0", "pod-1", "pod-2").forEach(this::join);
    world.pass(Duration.ofMinutes(3));

    assertThat(owned()).hasSize(12);
    assertThat(replicas).allSatisfy(each -> assertThat(each.holds()).hasSizeBetween(1, 8));
    Map<String, Long> before = Map.copyOf(terms);
    world.pass(Duration.ofMinutes(10));
    assertThat(terms).isEqualTo(before);
  }

  @Test
  void whatADeadOneHadIsTakenWithinTheDurationAndNothingElseMoves() {
    world.calm = true;
    List.of("pod-0", "pod-1", "pod-2").forEach(this::join);
    world.pass(Duration.ofMinutes(3));
    Map<String, Long> before = replicas.get(1).holds();

    replicas.get(0).dead = true;
    world.pass(Duration.ofSeconds(22));

    assertThat(owned()).hasSize(12);
    assertThat(replicas.get(1).holds()).containsAllEntriesOf(before);
  }

  @Test
  void whatOneGaveUpAtItsEndIsTakenAtOnce() {
    world.calm = true;
    List.of("pod-0", "pod-1", "pod-2").forEach(this::join);
    world.pass(Duration.ofMinutes(3));

    replicas.get(0).leave();
    world.pass(Duration.ofSeconds(5));

    assertThat(owned()).hasSize(12);
  }

  @Test
  void whoJoinsGetsItsShareFromThoseThatHaveIt() {
    world.calm = true;
    join("a");
    world.pass(Duration.ofMinutes(1));
    join("b");
    world.pass(Duration.ofSeconds(25));

    assertThat(owned()).hasSize(12);
    assertThat(replicas.get(1).holds()).hasSizeBetween(2, 10);
  }

  static LongStream seeds() {
    return Seeds.fresh(4);
  }

  static LongStream manySeeds() {
    return Seeds.fresh(Effort.of(200, 20));
  }

  @ParameterizedTest
  @MethodSource("manySeeds")
  @Tag("slow")
  void neverTwoInManyWorlds(long seed) {
    neverTwoWhoseCommitsSucceedWhateverHappens(seed);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void neverTwoWhoseCommitsSucceedWhateverHappens(long seed) {
    random = new Random(seed);
    List.of("pod-0", "pod-1", "pod-2").forEach(this::join);
    for (int i = 0; i < 40; i++) {
      mishap(i);
      world.pass(Duration.ofMillis(random.nextInt(20_000)));
    }
    replicas.forEach(each -> each.cut = false);
    world.calm = true;
    world.pass(Duration.ofMinutes(3));
    Map<String, Long> before = Map.copyOf(reached);
    world.pass(Duration.ofMinutes(1));

    assertThat(owned()).hasSize(12);
    assertThat(SOURCES)
        .allSatisfy(
            source ->
                assertThat(reached.getOrDefault(source, 0L))
                    .isGreaterThan(before.getOrDefault(source, 0L)));
  }

  private void mishap(int i) {
    List<FakeReplica> alive = replicas.stream().filter(each -> !each.dead).toList();
    FakeReplica one = alive.get(random.nextInt(alive.size()));
    switch (random.nextInt(6)) {
      case 0 -> one.standStill(Duration.ofMillis(random.nextInt(40_000)));
      case 1 -> one.cut = true;
      case 2 -> alive.forEach(each -> each.cut = false);
      case 3 -> {
        if (alive.size() > 1) {
          one.dead = true;
          join("r" + i);
        }
      }
      case 4 -> {
        if (alive.size() > 2) {
          one.leave();
        }
      }
      default -> {
        if (alive.size() < 5) {
          join("r" + i);
        }
      }
    }
  }
}
