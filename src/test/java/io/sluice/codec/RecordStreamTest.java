package io.sluice.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordStreamTest {
  /** Keeps the records, of so many bytes each at the most. */
  private static final class Kept implements RecordStream.Output {
    private final List<String> records = new ArrayList<>();
    private final ByteArrayOutputStream open = new ByteArrayOutputStream();
    private final int most;

    Kept(int most) {
      this.most = most;
    }

    @Override
    public boolean append(byte[] bytes, int from, int to) {
      open.write(bytes, from, to - from);
      return open.size() <= most;
    }

    @Override
    public void end() {
      records.add(open.toString(StandardCharsets.UTF_8));
      open.reset();
    }
  }

  /** What came of a body; the same however it was cut. */
  private record Outcome(List<String> records, String values, Optional<Flaw> flaw) {}

  private static Outcome read(
      Function<RecordStream.Output, RecordStream> kind, String body, Random cuts, int most) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    Kept kept = new Kept(most);
    RecordStream stream = kind.apply(kept);
    Optional<RecordStream.Failure> failure = Optional.empty();
    int at = 0;
    while (at < bytes.length && failure.isEmpty()) {
      int to = Math.min(bytes.length, at + 1 + cuts.nextInt(1 + cuts.nextInt(40)));
      failure = stream.feed(bytes, at, to);
      at = to;
    }
    if (failure.isEmpty()) {
      failure = stream.finish();
    }
    return new Outcome(
        kept.records,
        new TreeMap<>(stream.values()).toString(),
        failure.map(RecordStream.Failure::flaw));
  }

  /** Cut at every place that a few seeds choose. */
  private static Outcome read(Function<RecordStream.Output, RecordStream> kind, String body) {
    Outcome first = read(kind, body, new Random(1), 1000);
    for (long seed = 2; seed < 60; seed++) {
      assertThat(read(kind, body, new Random(seed), 1000)).as("seed %d", seed).isEqualTo(first);
    }
    return first;
  }

  private static Outcome whole(String body) {
    return read(RecordStream::whole, body);
  }

  private static Outcome items(String body) {
    return read(out -> RecordStream.in("/a/items", List.of("/next", "/a/more"), out), body);
  }

  @Test
  void takesTheElementsOfAnArray() {
    assertThat(whole(" [ {\"a\":\"]}\\\"\"} ,\n[1,[2]],\"x\\\\\", 12 ,true,null]\n"))
        .isEqualTo(
            new Outcome(
                List.of("{\"a\":\"]}\\\"\"}", "[1,[2]]", "\"x\\\\\"", "12", "true", "null"),
                "{}",
                Optional.empty()));
    assertThat(whole("[]").records()).isEmpty();
    assertThat(whole("[]").flaw()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"a\":[1]}", "12", "\"x,]\"", "true"})
  void takesAnythingElseAsOneRecord(String body) {
    assertThat(whole(" " + body + "\n"))
        .isEqualTo(new Outcome(List.of(body), "{}", Optional.empty()));
    assertThat(whole(body)).isEqualTo(new Outcome(List.of(body), "{}", Optional.empty()));
  }

  @Test
  void findsRecordsWhereAPointerSays() {
    assertThat(
            items(
                "{\"items\":[9],\"next\":\"a\\u0062[{\",\"a\":{\"b\":[[{\"items\":[8]}]],"
                    + "\"items\": [{\"x\":[1]}, 2],\"more\":true},\"z\":null}"))
        .isEqualTo(
            new Outcome(
                List.of("{\"x\":[1]}", "2"), "{/a/more=true, /next=ab[{}", Optional.empty()));
  }

  @Test
  void takesAnObjectWhereAPointerSaysAsOneRecord() {
    assertThat(items("{\"a\":{\"items\":{\"x\":{\"y\":1}}},\"next\":12.50}"))
        .isEqualTo(new Outcome(List.of("{\"x\":{\"y\":1}}"), "{/next=12.50}", Optional.empty()));
  }

  @Test
  void nullIsNoRecord() {
    assertThat(items("{\"a\":{\"items\":null}}"))
        .isEqualTo(new Outcome(List.of(), "{}", Optional.empty()));
  }

  @Test
  void takesLinesButBlankOnes() {
    assertThat(read(RecordStream::lines, "a\r\n\n\r\nb\rc\n\r\rd\nlast"))
        .isEqualTo(new Outcome(List.of("a", "b\rc", "\r\rd", "last"), "{}", Optional.empty()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|EMPTY", "[1|INCOMPLETE_JSON", "[1,]|INVALID_JSON", "[1 2]|INVALID_JSON",
        "[,1]|INVALID_JSON", "[1] 2|TRAILING_TEXT", "{} {}|TRAILING_TEXT", "{|INCOMPLETE_JSON",
        "[1]]|TRAILING_TEXT", "[\"|INCOMPLETE_JSON", "[}|INVALID_JSON", "[[1]|INCOMPLETE_JSON"
      })
  void namesWhatIsWrong(String body, Flaw flaw) {
    assertThat(whole(body).flaw()).contains(flaw);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|EMPTY",
        "{}|MISSING",
        "{\"a\":{\"items\":3}}|MISSING",
        "<html>|INVALID_JSON",
        "{\"a\":{\"items\":[1]|INVALID_JSON",
        "{\"a\":{\"items\":[1|INCOMPLETE_JSON",
        "{\"a\":{\"items\":[1]}}}|INVALID_JSON",
        "{\"a\":{\"items\":[1]}} {}|TRAILING_TEXT",
        "{\"a\":{\"items\":[1],\"items\":[1]}}|INVALID_JSON",
        "{\"a\":{\"items\":[1],}}|INVALID_JSON",
        "{,\"a\":{\"items\":[1]}}|INVALID_JSON",
        "{\"b\":[1,,2],\"a\":{\"items\":[1]}}|INVALID_JSON",
        "{\"a\":{\"items\":[1]}, ,\"b\":2}|INVALID_JSON",
        "{\"a\" {\"items\":[1]}}|INVALID_JSON",
        "{\"a\":{\"items\":[1]} \"b\":2}|INVALID_JSON"
      })
  void namesWhatIsWrongAroundTheRecords(String body, Flaw flaw) {
    assertThat(items(body).flaw()).contains(flaw);
  }

  @Test
  void endsAtARecordThatIsTooLarge() {
    String large = "\"" + "x".repeat(100) + "\"";
    Random cuts = new Random(1);

    assertThat(read(RecordStream::whole, "[1," + large + ",2]", cuts, 50))
        .isEqualTo(new Outcome(List.of("1"), "{}", Optional.of(Flaw.TOO_LARGE)));
    assertThat(read(RecordStream::lines, "1\n" + large + "\n2", cuts, 50))
        .isEqualTo(new Outcome(List.of("1"), "{}", Optional.of(Flaw.TOO_LARGE)));
  }

  @Test
  void readsFieldsByPointer() {
    byte[] json =
        "{\"a\":{\"x/y\":[1,{\"b\":\"\\u0041\"}]},\"n\":1.50,\"z\":null,\"o\":{},\"a\":2}"
            .getBytes(StandardCharsets.UTF_8);
    Function<String, String> read =
        pointer ->
            JsonFields.read(json, 0, json.length, pointer)
                .map(JsonFields.Field::text)
                .orElse("none");

    assertThat(read.apply("/a/x~1y/1/b")).isEqualTo("A");
    assertThat(read.apply("/n")).isEqualTo("1.50");
    assertThat(List.of("/z", "/o", "/q", "/a/x~1y/2", "/n/1")).allMatch(at -> none(read, at));
  }

  private static boolean none(Function<String, String> read, String pointer) {
    return read.apply(pointer).equals("none");
  }
}
