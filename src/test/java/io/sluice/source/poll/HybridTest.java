package io.sluice.source.poll;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.connector.PollSettings.Reconcile;
import io.sluice.connector.PollSettings.Standby;
import io.sluice.connector.Polled;
import io.sluice.connector.Step;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class HybridTest {
  private final Rig rig = new Rig();

  @Test
  void onStandbyItPollsOnlyWhileThePushSourceIsSilent() {
    rig.standby = Optional.of(new Standby("hook", Duration.ofMinutes(5)));
    rig.start().pass("299s");
    assertThat(rig.polls()).isZero();
    assertThat(rig.state()).isEqualTo("standby");
    assertThat(rig.skipped("standby")).isEqualTo(30);

    rig.pass("11s");
    assertThat(rig.polls()).isEqualTo(2);
    assertThat(rig.state()).isEqualTo("running");

    rig.lastKept = OptionalLong.of(rig.time.nanos());
    rig.pass("299s");
    assertThat(rig.polls()).isEqualTo(2);
    assertThat(rig.state()).isEqualTo("standby");
    rig.pass("11s");
    assertThat(rig.polls()).isEqualTo(3);
    assertThat(rig.state()).isEqualTo("running");
  }

  @Test
  void whatThePushSourceHadNotBroughtIsCountedAndRepeatsAreNot() {
    rig.reconcile = Optional.of(new Reconcile("hook"));
    rig.script =
        (cursor, intake) ->
            intake.put(Rig.batch("a", "b", "c"), Step.NONE).map(room -> Polled.all(Step.NONE));
    rig.start();
    assertThat(rig.meters.get("sluice.missed.by.push").counter().count()).isEqualTo(3);

    rig.inlet.duplicates = true;
    rig.pass("10s");

    assertThat(rig.meters.get("sluice.missed.by.push").counter().count()).isEqualTo(3);
    assertThat(rig.meters.get("sluice.events").counter().count()).isEqualTo(3);
    assertThat(rig.outcome("known")).isOne();
  }
}
