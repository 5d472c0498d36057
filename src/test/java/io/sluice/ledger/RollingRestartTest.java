package io.sluice.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.sluice.harness.Effort;
import io.sluice.harness.FreePorts;
import io.sluice.harness.GatewayProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three gateways behind HAProxy, which asks each whether it is ready, restarted one after the other
 * under load: no request fails, and nothing is lost or doubled. Needs {@code haproxy}.
 */
@Tag("slow")
class RollingRestartTest {
  private static final int ROUNDS = Effort.of(3, 1);
  private static final Path HAPROXY = Path.of("/usr/sbin/haproxy");
  private static final String CONFIG =
      """
      {"admin": {"listen": "127.0.0.1:{{admin}}"},
       "sources": {"in": {"type": "http", "listen": "127.0.0.1:{{http}}", "path": "/v1/events",
                          "to": "events"}},
       "streams": {"events": {"maxBytes": "256MiB"}},
       "sinks": {"archive": {"type": "file", "from": "events", "path": "out/{seq}.ndjson",
                             "maxBytes": "8MiB"}}}
      """;

  private final long seed = Long.getLong("sluice.seed", System.nanoTime());
  private final Ledger ledger = new Ledger();
  private final List<GatewayProcess> gateways = new ArrayList<>();
  private final int port = FreePorts.next();
  @TempDir private Path directory;

  @Test
  void noRequestFailsThroughARollingRestart() throws Exception {
    assumeThat(HAPROXY).as("Debian's package haproxy is not installed").isExecutable();
    Process balancer = null;
    try {
      for (int i = 0; i < 3; i++) {
        gateways.add(
            GatewayProcess.in(directory.resolve("gateway" + i), CONFIG)
                .with("--drain-delay", "2s", "--drain", "10s")
                .start());
      }
      balancer = balance();
      URI to = URI.create("http://127.0.0.1:" + port + "/v1/events");
      awaitAnswer(to);
      long start = System.nanoTime();
      UnfailingClients clients =
          new UnfailingClients(ledger, to, "none", clients(), new Random(seed));
      try (clients) {
        for (int round = 0; round < ROUNDS; round++) {
          for (GatewayProcess gateway : gateways) {
            restart(gateway);
          }
        }
      }
      System.out.printf(
          "rolling restart: %d restarts in %.1f s, %d requests, %d failed, %d events%n",
          ROUNDS * gateways.size(),
          (System.nanoTime() - start) / 1e9,
          clients.requests(),
          clients.failures().size(),
          ledger.acknowledged());
      assertThat(clients.failures()).as("seed %d", seed).isEmpty();
      for (GatewayProcess gateway : gateways) {
        assertThat(gateway.stop()).as(gateway.output()).isZero();
        assertThat(gateway.output()).contains("stopped left=nothing cutOff=nothing");
      }
      assertThat(wrong()).isEmpty();
    } finally {
      gateways.forEach(GatewayProcess::close);
      if (balancer != null) {
        balancer.destroyForcibly().waitFor();
      }
    }
  }

  /** As a cluster does: the next one goes when this one is ready again and gets its share. */
  private static void restart(GatewayProcess gateway) {
    assertThat(gateway.stop()).as(gateway.output()).isZero();
    gateway.start();
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> takes(gateway));
  }

  private static boolean takes(GatewayProcess gateway) throws IOException {
    return gateway
        .get("/metrics")
        .lines()
        .anyMatch(line -> line.startsWith("sluice_events_total{") && !line.endsWith(" 0.0"));
  }

  private static List<HttpClient> clients() {
    return Stream.generate(
            () -> HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build())
        .limit(6)
        .toList();
  }

  private List<String> wrong() throws IOException {
    Path all = Files.createDirectory(directory.resolve("all"));
    for (int i = 0; i < gateways.size(); i++) {
      Path out = gateways.get(i).directory().resolve("out");
      if (Files.isDirectory(out)) {
        Files.move(out, all.resolve("out" + i));
      }
    }
    return ledger.compare(all).stream().limit(20).toList();
  }

  private Process balance() throws IOException {
    StringBuilder servers = new StringBuilder();
    for (int i = 0; i < gateways.size(); i++) {
      servers.append(
          "  server s%d 127.0.0.1:%d check port %d inter 200ms fall 1 rise 1%n"
              .formatted(i, gateways.get(i).port("http"), gateways.get(i).port("admin")));
    }
    Path file =
        Files.writeString(
            directory.resolve("haproxy.cfg"),
            """
            defaults
              mode http
              timeout connect 5s
              timeout client 60s
              timeout server 60s
              timeout check 5s
              option http-server-close
              option redispatch
              retries 3
            frontend events
              bind 127.0.0.1:%d
              default_backend gateways
            backend gateways
              balance roundrobin
              option httpchk
              http-check send meth GET uri /health/ready ver HTTP/1.1 hdr Host localhost
            %s
            """
                .formatted(port, servers));
    return new ProcessBuilder(HAPROXY.toString(), "-db", "-f", file.toString())
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("haproxy.log").toFile())
        .start();
  }

  private static void awaitAnswer(URI to) {
    HttpClient client = HttpClient.newHttpClient();
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptions()
        .until(
            () ->
                client
                        .send(
                            HttpRequest.newBuilder(to).build(),
                            HttpResponse.BodyHandlers.discarding())
                        .statusCode()
                    == 405);
  }
}
