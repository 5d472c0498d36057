package io.sluice.connector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class StepTest {
  private static final Cursor CURSOR = Cursor.of(Map.of("value", "7", "etag", "x"));

  @Test
  void setsAndRemovesPartsAndLeavesTheOthers() {
    assertThat(Step.set("value", "8").from(CURSOR))
        .isEqualTo(Cursor.of(Map.of("value", "8", "etag", "x")));
    assertThat(Step.remove("etag").from(CURSOR)).isEqualTo(Cursor.of(Map.of("value", "7")));
    assertThat(Step.NONE.from(CURSOR)).isEqualTo(CURSOR);
  }

  @Test
  void theLaterOfTwoStepsWins() {
    Step both = Step.set("value", "8").then(Step.remove("etag")).then(Step.set("value", "9"));

    assertThat(both.from(CURSOR)).isEqualTo(Cursor.of(Map.of("value", "9")));
  }
}
