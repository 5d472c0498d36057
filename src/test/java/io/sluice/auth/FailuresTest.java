package io.sluice.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FailuresTest {
  private final AtomicLong now = new AtomicLong();
  private final Failures failures = new Failures(now::get);

  @Test
  void anAddressWaitsForTheEndOfTheMinuteInWhichItFailedTooOften() {
    fail("a", 20);
    fail("b", 19);
    now.addAndGet(TimeUnit.SECONDS.toNanos(50));

    assertThat(failures.secondsToWait("a")).isEqualTo(11);
    assertThat(failures.secondsToWait("b")).isZero();
    now.addAndGet(TimeUnit.SECONDS.toNanos(10));
    assertThat(failures.secondsToWait("a")).isZero();
    fail("a", 19);
    assertThat(failures.secondsToWait("a")).isZero();
    fail("a", 1);
    assertThat(failures.secondsToWait("a")).isEqualTo(61);
  }

  @Test
  void ofTooManyAddressesTheOldestIsForgotten() {
    fail("first", 20);
    for (int i = 0; i < 10_000; i++) {
      fail("other " + i, 1);
    }

    assertThat(failures.secondsToWait("first")).isZero();
    fail("last", 20);
    assertThat(failures.secondsToWait("last")).isPositive();
  }

  @Test
  void allAddressesOfAnIpv6NetworkCountTogether() {
    for (int i = 0; i < 20; i++) {
      fail("2001:db8:1:2::" + Integer.toHexString(i), 1);
    }

    assertThat(failures.secondsToWait("2001:db8:1:2:ffff::1")).isPositive();
    assertThat(failures.secondsToWait("2001:db8:1:3::1")).isZero();
  }

  private void fail(String address, int times) {
    for (int i = 0; i < times; i++) {
      failures.failed(address);
    }
  }
}
