package io.sluice.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.event.Batch;
import io.sluice.event.Columns;
import io.sluice.event.Position;
import io.sluice.sink.Deliveries;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineFormatTest {
  private static String written(LineFormat format, Batch batch, int from, int to)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    format.write("events", new Position(2, 10), batch, from, to, out);
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void writesLinesAsTheyAre() throws IOException {
    Batch batch = Deliveries.lines("1", "22", "333");

    assertThat(written(LineFormat.PAYLOAD, batch, 0, 3)).isEqualTo("1\n22\n333\n");
    assertThat(written(LineFormat.PAYLOAD, batch, 1, 2)).isEqualTo("22\n");
  }

  @Test
  void keepsJsonOnOneLine() throws IOException {
    Batch batch = Deliveries.apart(Deliveries.JSON, "{\r\n  \"a\": 1\n}", "[2]");

    assertThat(written(LineFormat.PAYLOAD, batch, 0, 2)).isEqualTo("{    \"a\": 1 }\n[2]\n");
  }

  @Test
  void findsEveryBreakWhereverItIs() throws IOException {
    Random random = new Random(5);
    for (int i = 0; i < 2_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int k = random.nextInt(40); k > 0; k--) {
        text.append("\n\r \u000b\u000c\u0009a\u008a".charAt(random.nextInt(8)));
      }
      byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
      int from = Math.min(random.nextInt(9), bytes.length);
      int first = from;
      while (first < bytes.length && bytes[first] != '\n' && bytes[first] != '\r') {
        first++;
      }
      assertThat(Json.nextBreak(bytes, from, bytes.length)).isEqualTo(first);

      String json = text.toString().replaceAll("[^\n\r \t]", "\"\u008a\",") + "0";
      Batch batch = Deliveries.apart(Deliveries.JSON, "7", "[" + json + "]");
      assertThat(written(LineFormat.PAYLOAD, batch, 1, 2))
          .isEqualTo("[" + json.replace('\n', ' ').replace('\r', ' ') + "]\n");
    }
  }

  @Test
  void leavesOpaquePayloadsAlone() throws IOException {
    Batch batch =
        Deliveries.apart(
            Deliveries.origin("application/octet-stream", "2026-03-04T05:06:07Z"), "a\nb");

    assertThat(written(LineFormat.PAYLOAD, batch, 0, 1)).isEqualTo("a\nb\n");
    assertThat(written(LineFormat.ENVELOPE, batch, 0, 1))
        .endsWith(",\"contentType\":\"application/octet-stream\",\"data_base64\":\"YQpi\"}\n");
  }

  @Test
  void leavesAlonePayloadsThatAreNotTheJsonTheyAreSaidToBe() throws IOException {
    Batch batch = Deliveries.apart(Deliveries.origin("a/b+json", "2026-03-04T05:06:07Z"), "{\n\"a");

    assertThat(written(LineFormat.PAYLOAD, batch, 0, 1)).isEqualTo("{\n\"a\n");
    assertThat(written(LineFormat.ENVELOPE, batch, 0, 1))
        .endsWith(",\"contentType\":\"a/b+json\",\"data_base64\":\"ewoiYQ==\"}\n");
  }

  @Test
  void makesCloudEventsOfOthers() throws IOException {
    Columns columns =
        new Columns(
            List.of(),
            List.of("k"),
            List.of(),
            List.of(Map.of("deadletterreason", "the \"sink\" said no")));
    Batch json = Batch.of(new byte[] {'7'}, new int[] {0, 1}, false, Deliveries.JSON, columns);
    Batch text = Deliveries.apart(Deliveries.origin("text/plain", "2026-03-04T05:06:07Z"), "a", "");

    assertThat(written(LineFormat.CLOUDEVENTS, json, 0, 1))
        .isEqualTo(
            "{\"specversion\":\"1.0\",\"id\":\"events/2/10\",\"source\":\"app\","
                + "\"type\":\"io.sluice.event\",\"datacontenttype\":\"application/json\","
                + "\"partitionkey\":\"k\",\"time\":\""
                + Deliveries.JSON.received()
                + "\",\"deadletterreason\":\"the \\\"sink\\\" said no\",\"data\":7}\n");
    assertThat(written(LineFormat.CLOUDEVENTS, text, 0, 2))
        .contains("\"id\":\"events/2/10\"", ",\"data_base64\":\"YQ==\"}\n")
        .contains("\"id\":\"events/2/11\"", ",\"data_base64\":\"\"}\n");
  }

  @Test
  void putsWhatIsKnownIntoTheEnvelope() throws IOException {
    Columns columns =
        new Columns(
            List.of("i\"1"),
            List.of("k"),
            List.of(java.time.Instant.EPOCH),
            List.of(Map.of("type", "t", "subject", "s")));
    Batch batch = Batch.of(new byte[] {'7'}, new int[] {0, 1}, false, Deliveries.JSON, columns);

    assertThat(written(LineFormat.ENVELOPE, batch, 0, 1))
        .isEqualTo(
            "{\"id\":\"i\\\"1\",\"stream\":\"events\",\"position\":\"2/10\",\"source\":\"app\","
                + "\"time\":\"1970-01-01T00:00:00Z\",\"contentType\":\"application/json\","
                + "\"key\":\"k\",\"attributes\":{\"subject\":\"s\",\"type\":\"t\"},\"data\":7}\n");
  }
}
