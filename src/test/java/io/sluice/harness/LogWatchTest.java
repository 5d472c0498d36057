package io.sluice.harness;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

class LogWatchTest {
  @Test
  void keepsWhatIsGraverThanDeclared() {
    LogWatch watch = LogWatch.start(Level.WARN);

    LoggerFactory.getLogger("io.sluice.x").warn("allowed");
    LoggerFactory.getLogger("io.sluice.x").atError().addKeyValue("k", "v").log("not allowed");

    assertThat(watch.end()).singleElement().asString().contains("not allowed", "k=");
  }

  @Test
  void keepsBlockedLoopsAndLeaksWhateverWasDeclared() {
    LogWatch watch = LogWatch.start(Level.ERROR);

    LoggerFactory.getLogger("io.vertx.core.impl.BlockedThreadChecker").warn("blocked");
    LoggerFactory.getLogger("io.netty.util.ResourceLeakDetector").error("leaked");

    assertThat(watch.end()).hasSize(2);
  }

  @Test
  void hearsNothingAfterTheEnd() {
    LogWatch watch = LogWatch.start(Level.INFO);

    watch.end();
    LoggerFactory.getLogger("io.sluice.x").warn("too late");

    assertThat(watch.end()).isEmpty();
  }
}
