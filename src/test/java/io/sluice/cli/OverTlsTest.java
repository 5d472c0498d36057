package io.sluice.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.harness.GatewayProcess;
import io.sluice.harness.Pki;
import io.vertx.core.Vertx;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code sluice send} and {@code bench} to a gateway with TLS, over each protocol. */
class OverTlsTest {
  private static final String CONFIG =
      """
      {
        "admin": { "listen": "127.0.0.1:{{admin}}" },
        "sources": {
          "app": {
            "type": "http", "listen": "127.0.0.1:{{https}}", "path": "/v1/events", "to": "events",
            "tls": { "cert": "server.pem", "key": "server.key" }
          },
          "live": {
            "type": "websocket", "listen": "127.0.0.1:{{https}}", "path": "/v1/live",
            "to": "events", "accept": "json", "tls": { "cert": "server.pem", "key": "server.key" }
          },
          "lines": {
            "type": "tcp", "listen": "127.0.0.1:{{tcps}}", "receipts": true, "to": "events",
            "accept": "json", "auth": { "type": "mtls", "principals": { "cn:device": "device" } },
            "tls": { "cert": "server.pem", "key": "server.key", "clientCa": "ca.pem" }
          }
        },
        "sinks": { "archive": { "type": "file", "from": "events", "path": "out/lines.ndjson" } }
      }
      """;

  @TempDir static Path directory;
  private static GatewayProcess gateway;
  private static Vertx vertx;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void start() {
    Pki pki = new Pki();
    pki.authority(directory);
    Pki.write(directory, "server", pki.server());
    Pki.write(directory, "device", pki.signed("CN=device"));
    gateway = GatewayProcess.in(directory, CONFIG).start();
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
    vertx.close().toCompletionStage().toCompletableFuture().get();
  }

  private static String https() {
    return "https://localhost:" + gateway.port("https") + "/v1/events";
  }

  private static String wss() {
    return "wss://localhost:" + gateway.port("https") + "/v1/live";
  }

  private static String tcps() {
    return "tcps://localhost:" + gateway.port("tcps");
  }

  private static String file(String name) {
    return directory.resolve(name).toString();
  }

  @Test
  void sendsOverEachProtocol() throws IOException {
    for (String to : List.of(https(), wss(), tcps())) {
      String line = "{\"sent\":\"" + to + "\"}";
      String[] trusting = {"--cacert", file("ca.pem"), "--cert", file("device.pem")};
      assertThat(send(line, to, trusting)).isEqualTo(2);
      assertThat(err.toString()).contains("--cert and --key need each other");
      String[] proving = Arrays.copyOf(trusting, 6);
      proving[4] = "--key";
      proving[5] = file("device.key");
      assertThat(send(line, to, proving)).as("%s: %s", to, err).isZero();
      assertThat(out.toString()).contains("accepted 1, duplicates 0, rejected 0, failed 0");
      Awaitility.await().until(() -> written().contains(line));
    }
  }

  @Test
  void sendsNothingToWhoeverIsNotTrusted() throws IOException {
    for (String to : List.of(https(), wss(), tcps())) {
      assertThat(send("{\"secret\":\"" + to + "\"}", to, "--retry-for", "100ms")).isEqualTo(1);
      assertThat(out.toString()).contains("accepted 0,");
    }
    assertThat(written()).doesNotContain("secret");
  }

  @Test
  void benchDrivesEachProtocol() throws IOException {
    for (String to : List.of(https(), wss(), tcps())) {
      JsonNode report = bench(to, "--batch", "20", "--cacert", file("ca.pem"));

      assertThat(report.path("errors").isEmpty()).as("%s: %s", to, report).isTrue();
      assertThat(report.path("accepted").asLong())
          .as("%s: %s", to, report)
          .isEqualTo(report.path("sent").asLong())
          .isPositive();
    }
  }

  @Test
  void benchDrivesAtARate() throws IOException {
    JsonNode report = bench(wss(), "--rate", "300", "--pipeline", "3", "--cacert", file("ca.pem"));

    assertThat(report.path("errors").isEmpty()).as("%s", report).isTrue();
    assertThat(report.path("accepted").asLong()).isEqualTo(150);
  }

  @Test
  void benchDrivesNobodyWhoIsNotTrusted() {
    assertThat(run(new BenchCommand(), "--to", wss(), "--duration", "100ms")).isOne();
    assertThat(err.toString()).contains("no connection to wss://localhost").contains("path");
  }

  private int send(String line, String to, String... more) {
    List<String> options = new ArrayList<>(List.of("--no-progress", "--to", to));
    options.addAll(List.of(more));
    return run(
        new SendCommand(() -> vertx, new ByteArrayInputStream(line.getBytes(UTF_8))),
        options.toArray(new String[0]));
  }

  private JsonNode bench(String to, String... more) throws IOException {
    List<String> options = new ArrayList<>(List.of("--json", "--to", to, "--connections", "4"));
    options.addAll(List.of("--warmup", "200ms", "--duration", "300ms"));
    options.addAll(List.of("--cert", file("device.pem"), "--key", file("device.key")));
    options.addAll(List.of(more));
    out.getBuffer().setLength(0);
    assertThat(run(new BenchCommand(), options.toArray(new String[0]))).as(err + "" + out).isZero();
    return new ObjectMapper().readTree(out.toString());
  }

  private int run(Object command, String... args) {
    return new CommandLine(command)
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }

  private static String written() throws IOException {
    Path lines = directory.resolve("out/lines.ndjson");
    return Files.exists(lines) ? Files.readString(lines) : "";
  }
}
