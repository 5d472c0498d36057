package io.sluice.source.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.encoder.Encoder;
import com.github.luben.zstd.Zstd;
import io.sluice.source.FakeStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that come compressed. */
class CodingTest {
  private static final String LINES = "{\"id\":1}\n".repeat(20_000);

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate", "zstd", "br"})
  void undoesTheCoding(String coding) throws IOException {
    try (PushServer server = PushServer.start(s -> {});
        RawClient client = server.connect()) {
      RawClient.Answer answer =
          push(client, coding, coded(coding, LINES.getBytes(StandardCharsets.UTF_8)));

      assertThat(answer.body()).contains("\"accepted\":20000");
      assertThat(server.stream.held()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate", "zstd", "br"})
  void answers400ToACodingThatIsCutOff(String coding) throws IOException {
    try (PushServer server = PushServer.start(s -> {});
        RawClient client = server.connect()) {
      byte[] whole = coded(coding, LINES.getBytes(StandardCharsets.UTF_8));
      RawClient.Answer answer = push(client, coding, Arrays.copyOf(whole, whole.length - 3));

      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.body()).contains("-coding\"");
      assertThat(server.stream.batches()).isEmpty();
      assertThat(server.stream.held()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate", "zstd", "br"})
  void answers413ToABombAndHoldsLittle(String coding) throws IOException {
    try (PushServer server = PushServer.start(s -> s.maxBodyBytes = 1 << 20);
        RawClient client = server.connect()) {
      byte[] bomb = coded(coding, new byte[50 << 20]);
      RawClient.Answer answer = push(client, coding, bomb);

      assertThat(answer.status()).isEqualTo(413);
      assertThat(answer.body()).contains("\"code\":\"body-too-large\"");
      assertThat(server.stream.mostHeld()).isLessThan(2 << 20);
      assertThat(server.stream.held()).isZero();
    }
  }

  @Test
  void takesNoMoreRoomThanThereIsForABomb() throws IOException {
    FakeStream small = new FakeStream(300_000);
    try (PushServer server =
            PushServer.start(s -> s.roomWithin = java.time.Duration.ofMillis(20), small);
        RawClient client = server.connect()) {
      RawClient.Answer answer = push(client, "gzip", coded("gzip", new byte[5 << 20]));

      assertThat(answer.status()).isEqualTo(503);
      assertThat(small.held()).isZero();
    }
  }

  @Test
  void saysWhichCodingsItKnows() {
    try (PushServer server = PushServer.start(s -> {});
        RawClient client = server.connect()) {
      RawClient.Answer answer = client.json("{}", "Content-Encoding: compress");

      assertThat(answer.status()).isEqualTo(415);
      assertThat(answer.header("accept-encoding")).contains("gzip", "deflate", "zstd");
    }
  }

  private static RawClient.Answer push(RawClient client, String coding, byte[] body) {
    client.send(
        RawClient.head(
            "Content-Type: application/x-ndjson",
            "Content-Encoding: " + coding,
            "Content-Length: " + body.length));
    return client.send(body).answer();
  }

  private static byte[] coded(String coding, byte[] body) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    switch (coding) {
      case "gzip" -> {
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
          gzip.write(body);
        }
      }
      case "deflate" -> {
        try (DeflaterOutputStream deflate = new DeflaterOutputStream(out)) {
          deflate.write(body);
        }
      }
      case "zstd" -> out.writeBytes(Zstd.compress(body));
      default -> {
        Brotli4jLoader.ensureAvailability();
        out.writeBytes(Encoder.compress(body, new Encoder.Parameters().setQuality(3)));
      }
    }
    return out.toByteArray();
  }
}
