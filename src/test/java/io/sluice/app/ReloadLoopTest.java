package io.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.harness.Effort;
import io.sluice.harness.GatewayProcess;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One reload after the other, under load: every kind of part changes, and nobody notices. */
@Tag("slow")
class ReloadLoopTest {
  private static final int ROUNDS = Effort.of(200, 24);
  private static final String CONFIG =
      """
      {"admin": {"listen": "127.0.0.1:{{admin}}"},
       "sources": {"in": {"type": "http", "listen": "127.0.0.1:{{http}}", "path": "/v1/events",
                          "to": "events"}},
       "streams": {"events": {"maxBytes": "1GiB"}},
       "sinks": {"archive": {"type": "file", "from": "events", "path": "out/events.ndjson"}}}
      """;

  @TempDir private Path directory;

  @Test
  void noRequestFailsAndNothingIsLostOrDoubled() throws Exception {
    try (GatewayProcess gateway =
            GatewayProcess.in(directory, CONFIG).with("--watch", "0s").start();
        Pushers pushers = new Pushers(gateway.port("http"), 4)) {
      String base = Files.readString(directory.resolve("sluice.json"));
      List<String> configurations = configurations(base, gateway.port("http"));
      pushers.start();

      for (int round = 1; round <= ROUNDS; round++) {
        String text = configurations.get(round % configurations.size());
        Files.writeString(directory.resolve("sluice.json"), text);
        assertThat(reload(gateway))
            .as("round " + round + "\n" + gateway.output())
            .isEqualTo(text.startsWith("{") ? "applied" : "invalid");
      }
      long acknowledged = pushers.acknowledged().size();
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> pushers.acknowledged().size() > acknowledged);
      pushers.stop();
      assertThat(gateway.stop()).isZero();

      assertThat(pushers.flaws()).isEmpty();
      assertThat(pushers.broken()).isZero();
      assertThat(pushers.refused()).isZero();
      List<String> written =
          Files.readAllLines(directory.resolve("out/events.ndjson")).stream()
              .map(line -> line.substring(0, StallingSink.id(0).length()))
              .toList();
      assertThat(written).doesNotHaveDuplicates();
      assertThat(Set.copyOf(written)).containsAll(pushers.acknowledged());
    }
  }

  /** Each differs from the one before, and the last from the first; one of them is wrong. */
  private static List<String> configurations(String base, int port) {
    return List.of(
        base,
        base.replace(
            "\"path\": \"/v1/events\"", "\"path\": \"/v1/events\", \"maxEventBytes\": \"2MiB\""),
        base.replace("1GiB", "2GiB"),
        base.replace(
            "\"sinks\": {",
            "\"sinks\": {\"copy\": {\"type\": \"discard\", \"from\": \"events\"}, "),
        "not JSON",
        base.replace("out/events.ndjson\"", "out/events.ndjson\", \"batch\": {\"maxEvents\": 500}"),
        base.replace(
            "\"sources\": {",
            "\"sources\": {\"more\": {\"type\": \"http\", \"listen\": \"127.0.0.1:"
                + port
                + "\", \"path\": \"/more\", \"to\": \"others\"}, "),
        base.replace(
            "\"path\": \"/v1/events\"",
            "\"path\": \"/v1/events\", \"quota\": {\"events\": 1000000}"));
  }

  private static String reload(GatewayProcess gateway) throws Exception {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(gateway.url("admin", "/api/v1/reload"))
                    .POST(HttpRequest.BodyPublishers.noBody())
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    return new JsonObject(answer.body()).getString("outcome");
  }
}
