package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.harness.FreePorts;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import picocli.CommandLine;

@ExtendWith(VertxExtension.class)
class BenchCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void printsATable(Vertx vertx) throws Exception {
    assertThat(run("--to", server(vertx, 202), "--warmup", "50ms", "--duration", "200ms")).isZero();
    assertThat(out.toString())
        .contains("events/s", "requests/s", "MB/s", "p99.9", "answers    202 x", "errors     none")
        .contains("closed loop, 64 connections, 1 a request, events of 200 bytes");
  }

  @Test
  void printsJson(Vertx vertx) throws Exception {
    int exit =
        run(
            "--json",
            "--to",
            server(vertx, 202),
            "--warmup",
            "50ms",
            "--duration",
            "200ms",
            "--rate",
            "500",
            "--connections",
            "2",
            "--batch",
            "5",
            "--size",
            "150");

    assertThat(exit).isZero();
    JsonNode report = new ObjectMapper().readTree(out.toString());
    assertThat(report.path("mode").asText()).isEqualTo("open");
    assertThat(report.path("eventsPerSecond").asDouble()).isPositive();
    assertThat(report.path("latencyMillis").path("p99").asDouble()).isPositive();
    assertThat(report.path("statuses").path("202").asLong()).isPositive();
  }

  @Test
  void exits1WhenNothingWasAccepted(Vertx vertx) throws Exception {
    assertThat(run("--to", server(vertx, 503), "--warmup", "0s", "--duration", "100ms")).isOne();
    assertThat(out.toString()).contains("answers    503 x");
  }

  @Test
  void exits1WhenNobodyListens() {
    assertThat(run("--to", "http://127.0.0.1:" + FreePorts.next() + "/")).isOne();
    assertThat(err.toString()).contains("no connection to http://127.0.0.1:").contains("refused");
  }

  @Test
  void exits2OnWrongUsage() {
    assertThat(run("--size", "20")).isEqualTo(2);
    assertThat(err.toString()).contains("size must be at least");
    assertThat(run("--duration", "ten")).isEqualTo(2);
    assertThat(err.toString()).contains("no duration like");
    assertThat(run("--to", "ftp://127.0.0.1/")).isEqualTo(2);
    assertThat(run("--connections", "0")).isEqualTo(2);
    assertThat(run("--header", "nonsense")).isEqualTo(2);
    assertThat(run("--nonsense")).isEqualTo(2);
  }

  private int run(String... args) {
    return new CommandLine(new BenchCommand())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }

  private static String server(Vertx vertx, int status) throws Exception {
    int port =
        vertx
            .createHttpServer()
            .requestHandler(request -> request.response().setStatusCode(status).end("{}"))
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get()
            .actualPort();
    return "http://127.0.0.1:" + port + "/v1/events";
  }
}
