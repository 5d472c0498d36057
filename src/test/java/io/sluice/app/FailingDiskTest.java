package io.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.harness.GatewayProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A journal's disk that fails under a gateway in a process of its own; seen from outside. */
class FailingDiskTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final String CONFIG =
      """
      {"admin": {"listen": "127.0.0.1:{{admin}}"},
       "sources": {"in": {"type": "http", "listen": "127.0.0.1:{{http}}", "path": "/v1/events",
                          "to": "events"}},
       "sinks": {"archive": {"type": "file", "from": "events", "path": "out/events.ndjson"}}}
      """;

  @TempDir private Path directory;
  private final HttpClient client = HttpClient.newHttpClient();

  private GatewayProcess onAFailingDisk() {
    return GatewayProcess.launched(
        directory,
        CONFIG,
        List.of(
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-ea",
            "-D" + FailingDiskMain.FORCES + "=20",
            "-cp",
            System.getProperty("java.class.path"),
            FailingDiskMain.class.getName()));
  }

  private HttpResponse<String> post(URI url, String event) throws Exception {
    return client.send(
        HttpRequest.newBuilder(url)
            .timeout(PATIENCE)
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(event))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void nothingIsAcknowledgedFromThenOnAndTheProcessEndsWith74AndEverythingBeforeIsKept()
      throws Exception {
    List<String> acknowledged = new ArrayList<>();
    try (GatewayProcess gateway = onAFailingDisk().start();
        Socket slow = new Socket(InetAddress.getLoopbackAddress(), gateway.port("http"))) {
      URI url = gateway.url("http", "/v1/events");
      beginRequest(slow); // keeps the gateway from ending before it was looked at

      HttpResponse<String> answer = post(url, event(0));
      while (answer.statusCode() == 202 && acknowledged.size() < 100) {
        acknowledged.add(event(acknowledged.size()));
        answer = post(url, event(acknowledged.size()));
      }

      assertThat(acknowledged).hasSizeBetween(10, 20);
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
      assertThat(answer.body()).contains("\"code\":\"journal-failed\"");
      Awaitility.await().atMost(PATIENCE).until(() -> gateway.status("/health/ready") == 503);
      assertThat(endRequest(slow)).startsWith("HTTP/1.1 503 ");
      assertThat(gateway.exitCode()).as(gateway.output()).isEqualTo(74);
      assertThat(gateway.output().lines())
          .last()
          .isEqualTo(
              "sluice: a journal's disk has failed: "
                  + directory.resolve("data/streams/events")
                  + ": Input/output error");
    }

    try (GatewayProcess gateway = GatewayProcess.in(directory, CONFIG).start()) {
      acknowledged.add("{\"n\":\"on a good disk\"}");
      assertThat(post(gateway.url("http", "/v1/events"), last(acknowledged)).statusCode())
          .isEqualTo(202);
      assertThat(gateway.stop()).isZero();
    }
    List<String> written = Files.readAllLines(directory.resolve("out/events.ndjson"));
    assertThat(written).doesNotHaveDuplicates().containsSubsequence(acknowledged);
  }

  private static String event(int number) {
    return "{\"n\":" + number + "}";
  }

  private static String last(List<String> events) {
    return events.get(events.size() - 1);
  }

  private static void beginRequest(Socket socket) throws IOException {
    socket.setSoTimeout((int) PATIENCE.toMillis());
    send(
        socket,
        """
        POST /v1/events HTTP/1.1\r
        Host: localhost\r
        Content-Type: application/json\r
        Content-Length: 5\r
        Connection: close\r
        \r
        [\
        """);
  }

  private static String endRequest(Socket socket) throws IOException {
    send(socket, "1,2]");
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
  }
}
