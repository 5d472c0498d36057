package io.sluice.cli.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private final Chunk chunk = new Chunk(0, 101, 3, Buffer.buffer("a\nb\nc\n"));

  @ParameterizedTest
  @CsvSource({
    "200, TAKEN",
    "202, TAKEN",
    "204, TAKEN",
    "400, REFUSED",
    "413, REFUSED",
    "422, REFUSED",
    "401, HOPELESS",
    "403, HOPELESS",
    "404, HOPELESS",
    "405, HOPELESS",
    "415, HOPELESS",
    "301, HOPELESS",
    "501, HOPELESS",
    "408, AGAIN",
    "429, AGAIN",
    "500, AGAIN",
    "502, AGAIN",
    "503, AGAIN",
    "504, AGAIN"
  })
  void theStatusDecidesWhatIsDone(int status, Answer.Kind kind) {
    assertThat(Answer.kind(status)).isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource({
    "3, 3",
    "0, 0",
    "-1, 0",
    "soon, 0",
    "99999999, 0",
    "'Thu, 01 Jan 2026 00:00:07 GMT', 7",
    "'Wed, 31 Dec 2025 23:59:59 GMT', 0"
  })
  void retryAfterIsSecondsOrADate(String field, long seconds) {
    assertThat(Answer.retryAfter(field, NOW)).isEqualTo(Duration.ofSeconds(seconds));
  }

  @Test
  void aReceiptCountsAndNamesLinesOfTheInput() {
    Result result =
        Answer.taken(
            chunk,
            1,
            Buffer.buffer(
                """
                {"accepted": 2, "duplicates": 1, "ack": "stored",
                 "rejected": [{"index": 1, "line": 2, "detail": "not JSON"}]}
                """));

    assertThat(result.accepted()).isEqualTo(2);
    assertThat(result.duplicates()).isEqualTo(1);
    assertThat(result.rejected()).isEqualTo(1);
    assertThat(result.rejections()).containsExactly(new Rejection(102, "not JSON"));
    assertThat(result.end()).isEmpty();
  }

  @Test
  void anAnswerWithoutAReceiptTookEverything() {
    assertThat(Answer.taken(chunk, 0, null).accepted()).isEqualTo(3);
    assertThat(Answer.taken(chunk, 0, Buffer.buffer("thanks")).accepted()).isEqualTo(3);
    assertThat(Answer.taken(chunk, 0, Buffer.buffer("{broken")).accepted()).isEqualTo(3);
  }

  @Test
  void aProblemRefusesTheWholeChunk() {
    Result result = Answer.refused(chunk, 0, 413, Buffer.buffer("{\"detail\": \"too much\"}"));

    assertThat(result.rejected()).isEqualTo(3);
    assertThat(result.rejections())
        .containsExactly(new Rejection(101, "and the 2 after it: status 413, too much"));
  }

  @Test
  void aProblemThatNamesLinesIsToldByLine() {
    Result result =
        Answer.refused(
            chunk,
            0,
            400,
            Buffer.buffer("{\"errors\": [{\"line\": 3, \"detail\": \"not JSON\"}]}"));

    assertThat(result.rejected()).isEqualTo(3);
    assertThat(result.rejections()).containsExactly(new Rejection(103, "not JSON"));
  }

  @Test
  void delaysGrowAreJitteredAndNeverShorterThanAsked() {
    Random random = new Random(7);
    assertThat(Sender.delayMillis(random, 0, Duration.ZERO)).isBetween(1L, 101L);
    assertThat(Sender.delayMillis(random, 60, Duration.ZERO)).isBetween(1L, 10_001L);
    assertThat(Sender.delayMillis(random, 0, Duration.ofSeconds(3))).isBetween(3_001L, 3_101L);
  }
}
