package io.sluice.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.config.ByteSize;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class QuotaTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private long now = 42;

  private Quota quota(QuotaConfig config) {
    return new Quota(Optional.of(config), () -> now);
  }

  private Quota events(int perSecond, int burstSeconds) {
    return quota(
        new QuotaConfig(
            Optional.of(perSecond),
            Optional.empty(),
            Duration.ofSeconds(burstSeconds),
            Optional.empty()));
  }

  @Test
  void letsABurstThroughAndThenTheRate() {
    Quota quota = events(10, 2);
    for (int i = 0; i < 20; i++) {
      assertThat(quota.admit("a", 1, 100)).isZero();
    }

    assertThat(quota.admit("a", 1, 100)).isEqualTo(SECOND / 10);
    now += SECOND / 10;
    assertThat(quota.admit("a", 1, 100)).isZero();
    assertThat(quota.admit("a", 1, 100)).isPositive();
  }

  @Test
  void holdsTheRateWhateverTheSizeOfWhatIsTaken() {
    Random random = new Random(7);
    Quota quota = events(100, 1);
    long admitted = 0;
    for (int i = 0; i < 10_000; i++) {
      int size = 1 + random.nextInt(1000);
      admitted += quota.admit("a", size, 0) == 0 ? size : 0;
      now += SECOND / 100;
    }

    // A hundred seconds' worth, the burst, and what the last one overdrew.
    assertThat(admitted).isBetween(9000L, 100 * 100 + 100 + 1000L);
  }

  @Test
  void doesNotLetOnePartyUseWhatAnotherMay() {
    Quota quota = events(1, 1);
    quota.take("flood", 1000, 0);

    assertThat(quota.admit("flood", 1, 0)).isEqualTo(1000 * SECOND);
    assertThat(quota.admit("other", 1, 0)).isZero();
  }

  @Test
  void tellsWhoeverOnlySlowsDownForHowLong() {
    Quota quota =
        quota(
            new QuotaConfig(
                Optional.empty(),
                Optional.of(new ByteSize(1000)),
                Duration.ofSeconds(1),
                Optional.empty()));

    assertThat(quota.take("a", 3, 999)).isZero();
    assertThat(quota.take("a", 3, 500)).isEqualTo(SECOND / 2);
    assertThat(quota.take("a", 0, -500)).isZero();
  }

  @Test
  void givesBackNoMoreThanThereCanBe() {
    Quota quota = events(1, 1);
    quota.take("a", -100, 0);

    assertThat(quota.admit("a", 1, 0)).isZero();
    assertThat(quota.admit("a", 1, 0)).isEqualTo(SECOND);
  }

  @Test
  void stopsEverybodyWhenAllTogetherSentTooMuch() {
    Quota quota =
        quota(
            new QuotaConfig(
                Optional.empty(),
                Optional.empty(),
                Duration.ofSeconds(1),
                Optional.of(new QuotaConfig.Total(Optional.of(10), Optional.empty()))));
    for (int i = 0; i < 10; i++) {
      assertThat(quota.admit("party-" + i, 1, 0)).isZero();
    }

    assertThat(quota.admit("late", 1, 0)).isEqualTo(SECOND / 10);
    assertThat(quota.limits("late")).isEmpty();
  }

  @Test
  void saysWhereAPartyStands() {
    Quota quota = events(10, 6);
    quota.take("a", 25, 0);

    assertThat(quota.limits("a")).containsExactly(new Quota.Limit("events", 60, 6, 35, 3));
    quota.take("a", 50, 0);
    assertThat(quota.limits("a")).containsExactly(new Quota.Limit("events", 60, 6, 0, 2));
  }

  @Test
  void remembersSoManyPartiesAndForgetsWhoeverIsSilentForTheLongestTime() {
    Quota quota = events(1, 1);
    quota.take("loud", 1000, 0);
    quota.take("silent", 1000, 0);
    for (int i = 0; i < 20_000; i++) {
      quota.admit("10.0.0." + i, 1, 0);
      quota.take("loud", 1, 0);
    }

    assertThat(quota.parties()).isEqualTo(10_000);
    assertThat(quota.admit("loud", 1, 0)).isPositive();
    assertThat(quota.admit("silent", 1, 0)).isZero();
  }

  @Test
  void isFreeAndRemembersNothingWhereThereIsNone() {
    Quota quota = new Quota(Optional.empty());

    assertThat(quota.take("a", Long.MAX_VALUE, Long.MAX_VALUE)).isZero();
    assertThat(quota.admit("a", 1, 1)).isZero();
    assertThat(quota.limits("a")).isEmpty();
    assertThat(quota.parties()).isZero();
    assertThat(quota.isSet()).isFalse();
  }

  @Test
  void takesNoBurstThatIsNotOfWholeSeconds() {
    assertThatThrownBy(
            () ->
                new QuotaConfig(
                    Optional.of(1), Optional.empty(), Duration.ofMillis(1500), Optional.empty()))
        .hasMessageContaining("whole seconds");
  }
}
