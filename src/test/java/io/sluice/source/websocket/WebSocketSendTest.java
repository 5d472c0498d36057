package io.sluice.source.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cli.SendCommand;
import io.sluice.event.Receipt;
import io.sluice.event.Refusal;
import io.sluice.source.FakeStream;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code sluice send} to a WebSocket source. */
@ExtendWith(VertxExtension.class)
class WebSocketSendTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  @TempDir private Path directory;

  private int send(Vertx vertx, LiveServer server, List<String> lines) throws IOException {
    Path file = Files.write(directory.resolve("events.ndjson"), lines, UTF_8);
    return new CommandLine(new SendCommand(() -> vertx))
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(
            "--no-progress",
            "--to",
            "ws://127.0.0.1:" + server.port() + "/v1/live",
            file.toString());
  }

  private static List<String> lines(int count) {
    return IntStream.range(0, count).mapToObj(i -> "{\"ü\":" + i + "}").toList();
  }

  @Test
  void sendsEveryLineOnceInOrder(Vertx vertx) throws IOException {
    try (LiveServer server = LiveServer.start(s -> s.accept = Accept.JSON)) {
      List<String> lines = lines(10_000);

      assertThat(send(vertx, server, lines)).as(err.toString()).isZero();
      assertThat(server.stream.events()).isEqualTo(lines);
      assertThat(out.toString()).contains("accepted 10,000, duplicates 0, rejected 0, failed 0");
    }
  }

  @Test
  void namesLinesThatAreNoGood(Vertx vertx) throws IOException {
    try (LiveServer server = LiveServer.start(s -> s.accept = Accept.JSON)) {
      assertThat(send(vertx, server, List.of("1", "", "no", "4"))).isEqualTo(1);
      assertThat(server.stream.events()).containsExactly("1", "4");
      assertThat(err.toString()).contains("line 3: invalid-json");
      assertThat(out.toString()).contains("accepted 2, duplicates 0, rejected 1, failed 0");
    }
  }

  @Test
  void goesOnWhenItIsToldToTryLater(Vertx vertx) throws IOException {
    FakeStream stream = new FakeStream(64 << 20);
    AtomicInteger puts = new AtomicInteger();
    stream.answering(
        (batch, ack) ->
            Future.succeededFuture(
                puts.incrementAndGet() == 1
                    ? new Receipt.Refused(Refusal.DISK_FULL, Duration.ZERO, "full")
                    : new Receipt.Kept(ack, batch.size(), 0)));
    try (LiveServer server = LiveServer.start(s -> s.accept = Accept.JSON, stream)) {
      assertThat(send(vertx, server, lines(3))).as(err.toString()).isZero();
      assertThat(out.toString()).contains("accepted 3, duplicates 0, rejected 0, failed 0");
      assertThat(out.toString()).doesNotContain("retries 0");
    }
  }
}
