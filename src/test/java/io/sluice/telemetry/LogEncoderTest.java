package io.sluice.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.harness.Seeds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.event.KeyValuePair;

class LogEncoderTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final LoggerContext context = new LoggerContext();

  static LongStream seeds() {
    return Seeds.fresh(200);
  }

  @Test
  void aReadableLineHasTimeLevelPlaceMessageAndPairs() {
    assertThat(text("delivery failed", null, new KeyValuePair("sink", "archive"), pair("tries", 3)))
        .isEqualTo(
            "2024-05-06T07:08:09.010Z WARN  FileSink: delivery failed sink=archive tries=3\n");
  }

  @Test
  void aReadableValueIsQuotedWhereItCouldBeMistaken() {
    assertThat(text("x", null, pair("a", "one two"), pair("b", "a=\"b\""), pair("c", "")))
        .endsWith("x a=\"one two\" b=\"a=\\\"b\\\"\" c=\"\"\n");
  }

  @Test
  void aDurationIsWrittenAsInAConfiguration() {
    assertThat(
            text("x", null, pair("a", Duration.ofSeconds(20)), pair("b", Duration.ofMillis(1500))))
        .endsWith("x a=20s b=1.5s\n");
  }

  @Test
  void pairsAreFieldsOfTheJsonObject() throws IOException {
    JsonNode line =
        json(
            "delivery failed", null, pair("sink", "archive"), pair("tries", 3), pair("last", true));

    assertThat(line.get("time").asText()).isEqualTo("2024-05-06T07:08:09.010Z");
    assertThat(line.get("level").asText()).isEqualTo("WARN");
    assertThat(line.get("logger").asText()).isEqualTo("io.sluice.sink.file.FileSink");
    assertThat(line.get("message").asText()).isEqualTo("delivery failed");
    assertThat(line.get("sink").asText()).isEqualTo("archive");
    assertThat(line.get("tries").isInt()).isTrue();
    assertThat(line.get("last").isBoolean()).isTrue();
  }

  @Test
  void aPairCannotTakeTheNameOfAFixedField() throws IOException {
    JsonNode line = json("x", null, pair("level", "fake"), pair("a", 1), pair("a", 2));

    assertThat(line.get("level").asText()).isEqualTo("WARN");
    assertThat(line.get("level_").asText()).isEqualTo("fake");
    assertThat(line.get("a_").asInt()).isEqualTo(2);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void noTextCanForgeALineOrAField(long seed) throws IOException {
    Random random = new Random(seed);
    String message = nasty(random);
    String key = "k" + nasty(random);
    String value = nasty(random);
    Throwable thrown = new IOException(nasty(random));

    String text = text(message, thrown, pair(key, value));
    String line = encode(LogFormat.JSON, message, thrown, pair(key, value));

    assertThat(text).endsWith("\n").matches("[^\\p{Cc}\\p{Cf}\\p{Cs}\\u2028\\u2029]*\n");
    assertThat(line).endsWith("\n").matches("[^\\p{Cc}\\p{Cf}\\p{Cs}\\u2028\\u2029]*\n");
    JsonNode read = JSON.readTree(line);
    assertThat(read.get("message").asText()).isEqualTo(message);
    assertThat(read.get(key).asText()).isEqualTo(value);
    assertThat(read.size()).isEqualTo(7);
  }

  @Test
  void aFieldIsCutWhereItIsTooLong() throws IOException {
    JsonNode line = json("x", null, pair("address", "a".repeat(100_000)));

    assertThat(line.get("address").asText()).hasSize(2048 + "... (97952 more)".length());
  }

  @Test
  void aCutNeverSplitsACharacter() throws IOException {
    JsonNode line = json("x", null, pair("address", "a".repeat(2047) + "\uD83D\uDE00".repeat(9)));

    assertThat(line.get("address").asText()).startsWith("a".repeat(2047) + "... (18 more)");
  }

  @Test
  void aLostConnectionIsOneLine() {
    Throwable lost =
        new CompletionException(new UncheckedIOException(new IOException("Connection reset")));

    assertThat(text("delivery failed", lost))
        .contains("caused by IOException: Connection reset")
        .containsOnlyOnce("\n");
  }

  @Test
  void aBugTellsWhereItHappened() throws IOException {
    Throwable bug = new IOException("broken", new IllegalStateException("put twice"));

    assertThat(text("failed", bug)).contains("\n      at io.sluice.telemetry.LogEncoderTest.aBug");
    assertThat(json("failed", bug).get("stack").asText())
        .contains("caused by java.lang.IllegalStateException")
        .contains("at io.sluice.telemetry.LogEncoderTest.aBug");
  }

  private static String nasty(Random random) {
    String pieces = "ab \"\\=\n\r\t\0\u001b[31m\u007f\u0085\u009b\u2028\u2029\u202e\ufeff\u00e9{}";
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < random.nextInt(60); i++) {
      if (random.nextInt(8) == 0) {
        all.append((char) random.nextInt(0x10000));
      } else {
        all.append(pieces.charAt(random.nextInt(pieces.length())));
      }
    }
    return all.toString();
  }

  private static KeyValuePair pair(String key, Object value) {
    return new KeyValuePair(key, value);
  }

  private JsonNode json(String message, @Nullable Throwable thrown, KeyValuePair... pairs)
      throws IOException {
    return JSON.readTree(encode(LogFormat.JSON, message, thrown, pairs));
  }

  private String text(String message, @Nullable Throwable thrown, KeyValuePair... pairs) {
    return encode(LogFormat.TEXT, message, thrown, pairs);
  }

  private String encode(
      LogFormat format, String message, @Nullable Throwable thrown, KeyValuePair... pairs) {
    LoggingEvent entry =
        new LoggingEvent(
            "",
            context.getLogger("io.sluice.sink.file.FileSink"),
            Level.WARN,
            message,
            thrown,
            new Object[0]);
    entry.setInstant(Instant.parse("2024-05-06T07:08:09.010Z"));
    entry.setKeyValuePairs(List.of(pairs));
    return new String(new LogEncoder(format).encode(entry), StandardCharsets.UTF_8);
  }
}
