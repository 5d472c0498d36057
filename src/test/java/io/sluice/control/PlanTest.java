package io.sluice.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.config.Checked;
import io.sluice.config.Reading;
import io.sluice.control.PlanStep.Part;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanTest {
  private static final String RUNNING =
      """
      {"sources": {"in": {"type": "door", "listen": "127.0.0.1:2", "to": "events"}},
       "streams": {"events": {"maxBytes": "8MiB"}},
       "sinks": {"out": {"type": "pit", "path": "p", "from": "events"}}}
      """;

  @Test
  void theSameLeavesEverythingAsItIs() {
    Plan plan = Plan.between(settings(RUNNING), settings(RUNNING));

    assertThat(plan.empty()).isTrue();
    assertThat(plan.steps())
        .containsExactly(
            new PlanStep.Keep(Part.SOURCE, "in"),
            new PlanStep.Keep(Part.STREAM, "events"),
            new PlanStep.Keep(Part.SINK, "out"));
  }

  @Test
  void whatIsNewStartsAndWhatIsGoneStops() {
    Plan plan =
        Plan.between(
            settings(RUNNING),
            settings(
                """
                {"sources": {"other": {"type": "door", "listen": "127.0.0.1:3", "to": "more"}},
                 "sinks": {"there": {"type": "pit", "path": "q", "from": "more"}}}
                """));

    assertThat(plan.steps())
        .containsExactly(
            new PlanStep.Start(Part.SOURCE, "other"),
            new PlanStep.Stop(Part.SOURCE, "in"),
            new PlanStep.Start(Part.STREAM, "more"),
            new PlanStep.Stop(Part.STREAM, "events"),
            new PlanStep.Start(Part.SINK, "there"),
            new PlanStep.Stop(Part.SINK, "out"));
  }

  @Test
  void aSourceThatCanTakeOverComesBesideTheOldOne() {
    assertThat(between(RUNNING, RUNNING.replace("\"to\"", "\"path\": \"/x\", \"to\"")))
        .containsExactly(new PlanStep.Replace(Part.SOURCE, "in", List.of("path"), false));
    assertThat(between(RUNNING, RUNNING.replace("127.0.0.1:2", "127.0.0.1:3")))
        .containsExactly(new PlanStep.Replace(Part.SOURCE, "in", List.of("listen"), true));
  }

  @Test
  void aStreamGoesOnUnderOtherSettingsUnlessWhatHoldsItIsAnother() {
    assertThat(between(RUNNING, RUNNING.replace("8MiB\"", "9MiB\", \"whenFull\": \"reject\"")))
        .containsExactly(
            new PlanStep.Change(Part.STREAM, "events", List.of("maxBytes", "whenFull")));
    assertThat(between(RUNNING, RUNNING.replace("8MiB\"", "8MiB\", \"buffer\": \"memory\"")))
        .containsExactly(new PlanStep.Replace(Part.STREAM, "events", List.of("buffer"), true));
  }

  @Test
  void theKeysOfASinkAreNamedWithThoseEverySinkHas() {
    assertThat(
            between(
                RUNNING,
                RUNNING.replace(
                    "\"path\": \"p\"", "\"path\": \"q\", \"batch\": {\"maxEvents\": 7}")))
        .containsExactly(
            new PlanStep.Replace(Part.SINK, "out", List.of("batch.maxEvents", "path"), true));
  }

  private static List<PlanStep> between(String running, String desired) {
    return Plan.between(settings(running), settings(desired)).steps().stream()
        .filter(step -> !(step instanceof PlanStep.Keep))
        .toList();
  }

  private static Settings settings(String json) {
    Path file = Path.of("sluice.json");
    Reading reading =
        new Reading(List.of(file), List.of(new Reading.ConfigText(file, json)), List.of());
    return Fakes.MODEL
        .check(reading, name -> null)
        .fold(
            Checked.Good::value,
            bad -> {
              throw new AssertionError(bad.problems());
            })
        .settings();
  }
}
