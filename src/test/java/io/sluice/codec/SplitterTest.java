package io.sluice.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.event.Batch;
import io.sluice.event.Origin;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SplitterTest {
  private static final Origin ORIGIN =
      new Origin("in", Origin.ANONYMOUS, "application/json", Instant.EPOCH);
  private static final Splitter SPLITTER = new Splitter(Limits.USUAL);

  @Test
  void anObjectIsOneEventWithItsLineFeed() {
    Batch batch = taken(split(Shape.JSON, " {\"a\": 1}  "));

    assertThat(events(batch)).containsExactly("{\"a\": 1}");
    assertThat(extent(batch)).isEqualTo("{\"a\": 1}\n");
  }

  @Test
  void aScalarIsOneEvent() {
    assertThat(events(taken(split(Shape.JSON, "17")))).containsExactly("17");
    assertThat(events(taken(split(Shape.JSON, "\"x\"")))).containsExactly("\"x\"");
    assertThat(events(taken(split(Shape.JSON, "null")))).containsExactly("null");
  }

  @Test
  void anArrayIsOneEventPerElementInLines() {
    Batch batch = taken(split(Shape.JSON, "[1,[2] ,{\"a\":[3,4]}\n, \"five\"]"));

    assertThat(events(batch)).containsExactly("1", "[2]", "{\"a\":[3,4]}", "\"five\"");
    assertThat(extent(batch)).isEqualTo("1\n[2]\n{\"a\":[3,4]}\n\"five\"\n");
  }

  @Test
  void lineFeedsBetweenTokensBecomeSpaces() {
    Batch batch = taken(split(Shape.JSON, "{\r\n  \"a\": \"x\\ny\",\n  \"b\": 2\n}\n"));

    assertThat(extent(batch)).isEqualTo("{    \"a\": \"x\\ny\",   \"b\": 2 }\n");
  }

  @Test
  void withoutASpareByteTheLastEventHasNoLineFeed() {
    byte[] exact = "{}".getBytes(UTF_8);
    Batch batch = taken(SPLITTER.split(Shape.JSON, exact, 0, exact.length, ORIGIN, false));

    assertThat(batch.lines()).isFalse();
    assertThat(events(batch)).containsExactly("{}");
  }

  @Test
  void anEmptyArrayIsNothing() {
    assertThat(split(Shape.JSON, " [ ] ")).isEqualTo(new Split.Nothing(0));
    assertThat(split(Shape.NDJSON, "\n \r\n\n")).isEqualTo(new Split.Nothing(3));
    assertThat(split(Shape.TEXT, "")).isEqualTo(new Split.Nothing(0));
    assertThat(split(Shape.OPAQUE, "")).isEqualTo(new Split.Nothing(0));
  }

  @Test
  void blankIsNoJson() {
    assertThat(faults(split(Shape.JSON, " \n "))).containsExactly("0:2:3 empty");
    assertThat(faults(split(Shape.JSON, ""))).containsExactly("0:1:0 empty");
  }

  @Test
  void linesStayWhereTheyAre() {
    Batch batch = taken(split(Shape.NDJSON, "{\"a\":1}\n{\"b\":2}\n3\n"));

    assertThat(events(batch)).containsExactly("{\"a\":1}", "{\"b\":2}", "3");
    assertThat(batch.from()).isZero();
    assertThat(extent(batch)).isEqualTo("{\"a\":1}\n{\"b\":2}\n3\n");
  }

  @Test
  void blankLinesAreSkippedAndCounted() {
    Split split = split(Shape.NDJSON, "\r\n 1 \r\n\n\t\n[2]\r\n \n3");

    assertThat(((Split.Taken) split).blank()).isEqualTo(4);
    assertThat(extent(taken(split))).isEqualTo("1\n[2]\n3\n");
  }

  @Test
  void aValueMayNotCrossALine() {
    assertThat(faults(split(Shape.NDJSON, "1\n{\"a\":\n2}\n")))
        .containsExactly("1:2:7 incomplete-json", "2:3:9 trailing-text");
    assertThat(faults(split(Shape.NDJSON, "\"a\nb\"\n")))
        .containsExactly("0:1:2 incomplete-json", "1:2:3 invalid-json");
  }

  @Test
  void everyFaultOfABodyIsNamed() {
    assertThat(faults(split(Shape.NDJSON, "{}\nx\n\n{} {}\nNaN\n")))
        .containsExactly("1:2:3 invalid-json", "2:4:9 trailing-text", "3:5:12 not-finite");
  }

  @Test
  void lenientHandlingTakesTheValidOnes() {
    Split split = lenient(Shape.NDJSON, "1\nx\n3\n{\"a\"}\r\n5");

    assertThat(extent(taken(split))).isEqualTo("1\n3\n5\n");
    assertThat(faults(split)).containsExactly("1:2:2 invalid-json", "3:4:10 invalid-json");
  }

  @Test
  void lenientHandlingTakesNothingWhenNothingIsValid() {
    assertThat(lenient(Shape.NDJSON, "x\ny\n")).isInstanceOf(Split.Refused.class);
    assertThat(lenient(Shape.JSON, "x")).isInstanceOf(Split.Refused.class);
  }

  @Test
  void lenientHandlingTakesNoPartOfABrokenArray() {
    assertThat(lenient(Shape.JSON, "[1,2 3]")).isInstanceOf(Split.Refused.class);
    assertThat(lenient(Shape.JSON, "[1,2")).isInstanceOf(Split.Refused.class);
    assertThat(lenient(Shape.JSON, "[1,]")).isInstanceOf(Split.Refused.class);
    assertThat(lenient(Shape.JSON, "[1] 2")).isInstanceOf(Split.Refused.class);
  }

  @Test
  void lenientHandlingGoesOnBehindAnElementWhoseEndIsKnown() {
    Split split = lenient(Shape.JSON, "[1,\n\"\\ud800\", 3]");

    assertThat(extent(taken(split))).isEqualTo("1\n3\n");
    assertThat(faults(split)).containsExactly("1:2:5 lone-surrogate");
  }

  @Test
  void anEventMayHaveItsLimitAndNoMore() {
    Splitter small = new Splitter(Limits.USUAL.withMaxEventBytes(5));

    Split split = split(small, Shape.NDJSON, "12345\n123456\n\"abc\"", true);

    assertThat(events(taken(split))).containsExactly("12345", "\"abc\"");
    assertThat(faults(split)).containsExactly("1:2:6 too-large");
    assertThat(faults(split(small, Shape.OPAQUE, "123456", false)))
        .containsExactly("0:1:0 too-large");
  }

  @Test
  void aBodyOfTooManyEventsIsRefusedEvenLeniently() {
    Splitter few = new Splitter(Limits.USUAL.withMaxEvents(2));

    assertThat(events(taken(split(few, Shape.TEXT, "a\nb\n", true)))).containsExactly("a", "b");
    for (Shape shape : List.of(Shape.TEXT, Shape.NDJSON)) {
      Split split = split(few, shape, "1\n2\n3\n4\n", true);

      assertThat(faults(split)).containsExactly("2:3:4 too-many");
      assertThat(((Split.Refused) split).more()).isTrue();
    }
    assertThat(faults(split(few, Shape.JSON, "[1,2,3,4]", true))).containsExactly("2:1:5 too-many");
  }

  @Test
  void aBodyOfTooManyFaultsIsGivenUp() {
    Split split = lenient(Shape.NDJSON, "1\n" + "x\n".repeat(150));

    assertThat(faults(split)).hasSize(100);
    assertThat(((Split.Refused) split).more()).isTrue();
  }

  @Test
  void textIsOneEventPerLineWhateverItHolds() {
    Batch batch = taken(split(Shape.TEXT, "a\u0000b\r\n\r\n \nc\rd\n\nlast"));

    assertThat(events(batch)).containsExactly("a\u0000b", " ", "c\rd", "last");
    assertThat(batch.lines()).isTrue();
  }

  @Test
  void anOpaqueBodyIsOneEventAsItIs() {
    Batch batch = taken(split(Shape.OPAQUE, " a\nb\r\n"));

    assertThat(events(batch)).containsExactly(" a\nb\r\n");
    assertThat(batch.lines()).isFalse();
  }

  @Test
  void mediaTypesHaveTheirShapes() {
    assertThat(Shape.of("application/json")).isEqualTo(Shape.JSON);
    assertThat(Shape.of("application/x-ndjson")).isEqualTo(Shape.NDJSON);
    assertThat(Shape.of("application/jsonl")).isEqualTo(Shape.NDJSON);
    assertThat(Shape.of("text/plain")).isEqualTo(Shape.TEXT);
    assertThat(Shape.of("application/xml")).isEqualTo(Shape.OPAQUE);
    assertThat(Shape.NDJSON.eventType("application/jsonl")).isEqualTo("application/json");
    assertThat(Shape.OPAQUE.eventType("image/png")).isEqualTo("image/png");
  }

  private static Split split(Shape shape, String body) {
    return split(SPLITTER, shape, body, false);
  }

  private static Split lenient(Shape shape, String body) {
    return split(SPLITTER, shape, body, true);
  }

  private static Split split(Splitter splitter, Shape shape, String body, boolean lenient) {
    byte[] bytes = body.getBytes(UTF_8);
    return splitter.split(
        shape, Arrays.copyOf(bytes, bytes.length + 1), 0, bytes.length, ORIGIN, lenient);
  }

  private static Batch taken(Split split) {
    assertThat(split).isInstanceOf(Split.Taken.class);
    return ((Split.Taken) split).batch();
  }

  /** Each as {@code index:line:offset code}. */
  private static List<String> faults(Split split) {
    List<Fault> faults =
        split instanceof Split.Taken taken ? taken.rejected() : ((Split.Refused) split).faults();
    return faults.stream()
        .map(
            fault ->
                fault.index()
                    + ":"
                    + fault.line()
                    + ":"
                    + fault.offset()
                    + " "
                    + fault.flaw().word())
        .toList();
  }

  private static List<String> events(Batch batch) {
    List<String> events = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      events.add(UTF_8.decode(batch.event(i).payload()).toString());
    }
    return events;
  }

  private static String extent(Batch batch) {
    assertThat(batch.lines()).isTrue();
    return new String(batch.region(), batch.from(), batch.bytes(), UTF_8);
  }
}
