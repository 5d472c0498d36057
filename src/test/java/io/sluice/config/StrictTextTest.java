package io.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StrictTextTest {
  static Stream<Arguments> refused() {
    return Stream.of(
        arguments("", "1:1: is empty; must be a JSON object, at least {}"),
        arguments("  ", "1:3: is empty; must be a JSON object, at least {}"),
        arguments("null", "1:1: must be a JSON object, but is null"),
        arguments("[]", "1:1: must be a JSON object, but is an array"),
        arguments("\"x\"", "1:1: must be a JSON object, but is a string"),
        arguments("12", "1:1: must be a JSON object, but is a number"),
        arguments("{} {}", "1:4: has text behind the end of its object"),
        arguments("{}\n}", "2:1: is not valid JSON: unexpected '}': no object or array is open"),
        arguments("{} x", "1:5: is not valid JSON: unrecognized word; a string needs its quotes"),
        arguments("{ // no\n}", "1:3: is not valid JSON: comments are not part of JSON"),
        arguments("{ /* no */ }", "1:3: is not valid JSON: comments are not part of JSON"),
        arguments(
            "{", "1:2: is not valid JSON: unexpected end of the text, inside an object or array"),
        arguments(
            "{\"a",
            "1:4: is not valid JSON: unexpected end of the text, inside an object or array"),
        arguments(
            "{\"a\": 1,}",
            "1:9: is not valid JSON: unexpected '}': was expecting double-quote to start field name"),
        arguments(
            "{\"a\": hunter2}",
            "1:14: is not valid JSON: unrecognized word; a string needs its quotes"),
        arguments(
            "{\"a\": NaN}", "1:10: is not valid JSON: NaN and Infinity are not part of JSON"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void whatIsNotOneJsonObjectIsRefusedWithItsPlace(String text, String line) {
    assertThat(Samples.lines(text)).containsExactly("a.json:" + line);
  }

  @Test
  void aKeyThatIsThereTwiceIsRefusedAndTheRestStillChecked() {
    assertThat(Samples.lines("{\"streams\": {},\n \"streams\": {\"a\": 1},\n \"amin\": {}}"))
        .containsExactly(
            "a.json:2:2: /streams: is there twice; only one can be meant",
            "a.json:3:2: /amin: unknown key \"amin\"; did you mean \"admin\"?");
  }

  @Test
  void brokenFilesAreAllNamed() {
    assertThat(Samples.lines("{", "{}", "[]")).hasSize(2);
  }

  @Test
  void nestingIsBounded() {
    assertThat(Samples.lines("{\"a\":" + "[".repeat(10_000)))
        .singleElement()
        .asString()
        .startsWith("a.json:1:")
        .contains("is not valid JSON");
  }

  @Test
  void numbersThatFitNowhereAreRefusedCheaply() {
    assertThat(
            Samples.lines(
                "{\"streams\": {\"a\": {\"limit\": 99999999999999999999, \"sample\": 1e999999999}}}"))
        .containsExactly(
            "a.json:1:29: /streams/a/limit: is too large a number",
            "a.json:1:61: /streams/a/sample: is too large a number");
  }
}
