package io.sluice.source.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.cli.BenchCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** {@code sluice bench} against a WebSocket source. */
class WebSocketBenchTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private JsonNode bench(LiveServer server, String... more) throws IOException {
    List<String> args = new ArrayList<>(List.of("--json", "--connections", "3"));
    args.addAll(List.of("--to", "ws://127.0.0.1:" + server.port() + "/v1/live"));
    args.addAll(List.of("--warmup", "50ms"));
    args.addAll(List.of(more));
    assertThat(run(args.toArray(new String[0]))).as(err.toString()).isZero();
    return new ObjectMapper().readTree(out.toString());
  }

  private int run(String... args) {
    return new CommandLine(new BenchCommand())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }

  @Test
  void countsReceipts() throws IOException {
    try (LiveServer server = LiveServer.start(s -> s.accept = Accept.JSON)) {
      JsonNode report = bench(server, "--duration", "200ms", "--batch", "16", "--pipeline", "2");

      assertThat(report.path("errors").isEmpty()).as(report.toString()).isTrue();
      assertThat(report.path("accepted").asLong())
          .isPositive()
          .isEqualTo(report.path("sent").asLong())
          .isEqualTo(server.stream.events().size());
      assertThat(new HashSet<>(server.stream.events())).hasSameSizeAs(server.stream.events());
      assertThat(report.path("latencyMillis").path("p50").asDouble()).isPositive();
    }
  }

  @Test
  void countsWhatIsWrittenWhereNothingIsSaid() throws IOException {
    try (LiveServer server = LiveServer.start(s -> s.accept = Accept.JSON)) {
      JsonNode report =
          bench(
              server, "--duration", "200ms", "--no-receipts", "--rate", "1000", "--size", "70000");

      assertThat(report.path("errors").isEmpty()).as(report.toString()).isTrue();
      assertThat(report.path("accepted").asLong()).isZero();
      assertThat(report.path("eventsPerSecond").asDouble()).isPositive();
      Awaitility.await().until(() -> server.stream.events().size() == report.path("sent").asLong());
    }
  }

  @Test
  void answersPings() throws IOException {
    try (LiveServer server =
        LiveServer.start(
            s -> {
              s.accept = Accept.JSON;
              s.pingAfter = Duration.ofMillis(50);
              s.silentAfter = Duration.ofMillis(200);
            })) {
      JsonNode report = bench(server, "--rate", "3", "--duration", "1s");

      assertThat(report.path("errors").isEmpty()).as(report.toString()).isTrue();
      assertThat(report.path("accepted").asLong()).isEqualTo(report.path("sent").asLong());
    }
  }

  @Test
  void saysWhyTheHandshakeFailed() {
    try (LiveServer server = LiveServer.start(s -> s.accept = Accept.JSON)) {
      assertThat(run("--to", "ws://127.0.0.1:" + server.port() + "/v1/nowhere")).isOne();
      assertThat(err.toString()).contains("the handshake was answered HTTP/1.1 404");
    }
  }
}
