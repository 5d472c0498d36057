package io.sluice.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.config.Problem;
import io.sluice.config.Reading;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class PairingTest {
  private static final String REST =
      """
      "sinks": {"out": {"type": "pit", "path": "p", "from": ["a", "b"]}}}
      """;
  private static final String STREAMS =
      """
      "streams": {"a": {"dedupe": {"by": "/id"}}, "b": {}},
      """;

  private static List<String> problems(String sources) {
    String text = "{\"admin\": {}, \"sources\": {" + sources + "}," + STREAMS + REST;
    Path file = Path.of("sluice.json");
    return Fakes.PULLING
        .check(
            new Reading(List.of(file), List.of(new Reading.ConfigText(file, text)), List.of()),
            name -> null)
        .fold(
            good -> good.warnings().stream().map(Problem::toString).toList(),
            bad -> bad.problems().stream().map(Problem::toString).toList());
  }

  private static String door(String name, String to) {
    return "\"%s\": {\"type\": \"door\", \"listen\": \"127.0.0.1:0\", \"path\": \"/%s\", \"to\": \"%s\"}"
        .formatted(name, name, to);
  }

  private static String pump(String name, String key, String other, String to) {
    return "\"%s\": {\"type\": \"pump\", \"%s\": \"%s\", \"to\": \"%s\"}"
        .formatted(name, key, other, to);
  }

  @Test
  void pushAndPullOfOneStreamFit() {
    assertThat(
            problems(
                door("hook", "a")
                    + ","
                    + pump("one", "standby", "hook", "a")
                    + ","
                    + pump("two", "reconcile", "hook", "a")
                    + ","
                    + door("third", "b")))
        .isEmpty();
  }

  @Test
  void aSourceThatIsNotThereIsNamedWithTheNearest() {
    assertThat(
            problems(
                door("hook", "a")
                    + ","
                    + pump("one", "standby", "hok", "a")
                    + ","
                    + door("third", "b")))
        .singleElement()
        .asString()
        .contains("/sources/one/standby", "there is no source \"hok\"", "hook");
  }

  @Test
  void aPullSourceIsNoCounterpart() {
    assertThat(
            problems(
                pump("one", "standby", "two", "a")
                    + ","
                    + "\"two\": {\"type\": \"pump\", \"to\": \"a\"},"
                    + door("third", "b")))
        .singleElement()
        .asString()
        .contains("has to be a push source");
  }

  @Test
  void bothHaveToFeedTheSameStream() {
    assertThat(problems(door("hook", "b") + "," + pump("one", "standby", "hook", "a")))
        .singleElement()
        .asString()
        .contains("goes to the stream \"b\" and this one to \"a\"");
  }

  @Test
  void reconcilingNeedsAStreamThatLeavesOutRepeats() {
    assertThat(
            problems(
                door("hook", "b")
                    + ","
                    + pump("one", "reconcile", "hook", "b")
                    + ","
                    + door("third", "a")))
        .singleElement()
        .asString()
        .contains("/sources/one/reconcile", "has no `dedupe`");
  }
}
