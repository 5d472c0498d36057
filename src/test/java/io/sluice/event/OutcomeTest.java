package io.sluice.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.harness.Seeds;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OutcomeTest {
  static LongStream seeds() {
    return Seeds.fresh(50);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void theWorseOfTwoDoesNotDependOnHowTheyArePutTogether(long seed) {
    Random random = new Random(seed);
    Outcome a = random(random);
    Outcome b = random(random);
    Outcome c = random(random);

    assertThat(a.and(b).and(c)).isEqualTo(a.and(b.and(c)));
    assertThat(kind(a.and(b))).isEqualTo(kind(b.and(a)));
    assertThat(a.and(a)).isEqualTo(a);
    assertThat(a.and(Outcome.stored())).isEqualTo(a);
    assertThat(a.and(b)).isIn(a, b);
  }

  @Test
  void refusedIsWorseThanRetryAndRetryThanStored() {
    Outcome stored = Outcome.stored();
    Outcome retry = Outcome.retry("later");
    Outcome refused = Outcome.refused("never");

    assertThat(stored.and(retry)).isEqualTo(retry);
    assertThat(retry.and(refused)).isEqualTo(refused);
    assertThat(refused.and(stored)).isEqualTo(refused);
  }

  @Test
  void theFirstReasonIsKeptAmongEquals() {
    assertThat(Outcome.refused("first").and(Outcome.refused("second")))
        .isEqualTo(Outcome.refused("first"));
  }

  @Test
  void aRetryThatNobodyDatedWaitsForNothing() {
    assertThat(Outcome.retry("why")).isEqualTo(Outcome.retry(Duration.ZERO, "why"));
  }

  private static Outcome random(Random random) {
    return List.of(
            Outcome.stored(),
            Outcome.retry(Duration.ofMillis(random.nextInt(5)), "retry " + random.nextInt(3)),
            Outcome.refused("refused " + random.nextInt(3)))
        .get(random.nextInt(3));
  }

  private static String kind(Outcome outcome) {
    return outcome.fold(
        new Outcome.Cases<>() {
          @Override
          public String stored() {
            return "stored";
          }

          @Override
          public String retry(Outcome.Retry again) {
            return "retry";
          }

          @Override
          public String refused(Outcome.Refused no) {
            return "refused";
          }
        });
  }
}
