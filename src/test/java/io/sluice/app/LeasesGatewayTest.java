package io.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.harness.FakeKubernetes;
import io.sluice.harness.GatewayProcess;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two gateways in processes of their own share polls over Leases of Kubernetes. */
@Tag("slow")
class LeasesGatewayTest {
  private static final int SOURCES = 8;

  @TempDir private Path directory;

  @Test
  void whatAKilledOneHadIsPolledByTheOtherFromWhereItWas() throws Exception {
    try (FakeKubernetes api = new FakeKubernetes(Files.createDirectory(directory.resolve("api")));
        Numbers numbers = new Numbers();
        GatewayProcess first = gateway(0, api, numbers);
        GatewayProcess second = gateway(1, api, numbers)) {
      numbers.grow(5);
      first.start();
      second.start();
      await(() -> assertThat(owners(second)).hasSize(SOURCES).containsValues("r0", "r1"));
      await(() -> assertThat(numbers.asked()).hasSize(SOURCES));
      first.kill();
      await(
          () ->
              assertThat(owners(second))
                  .hasSize(SOURCES)
                  .allSatisfy((name, owner) -> assertThat(owner).isEqualTo("r1")));
      numbers.grow(5);
      await(
          () ->
              assertThat(Files.readAllLines(second.directory().resolve("out.ndjson")))
                  .containsAll(
                      IntStream.range(0, SOURCES)
                          .mapToObj(i -> "{\"n\":10,\"id\":\"p" + i + "-10\"}")
                          .toList()));
      assertThat(api.asked()).contains("update", "list", "create");
    }
  }

  private GatewayProcess gateway(int replica, FakeKubernetes api, Numbers numbers)
      throws Exception {
    String sources =
        IntStream.range(0, SOURCES)
            .mapToObj(
                i ->
                    """
                    "p%d": {"type": "http-poll", "every": "300ms", "to": "events",
                      "url": "http://127.0.0.1:%d/p%d?since={cursor}&by=r%d",
                      "allowPrivate": true, "cursor": {"max": "/n", "initial": "0"}}
                    """
                        .formatted(i, numbers.port(), i, replica))
            .collect(Collectors.joining(","));
    String config =
        """
        {"admin": {"listen": "127.0.0.1:{{admin}}"},
         "replicas": {"name": "r%d", "lease": {"duration": "8s", "renewWithin": "5s",
             "renewEvery": "1s"}, "kubernetes": %s},
         "sources": {%s},
         "sinks": {"out": {"type": "file", "from": "events", "path": "out.ndjson"}}}
        """
            .formatted(replica, api.config(api.port()), sources);
    return GatewayProcess.in(directory.resolve("r" + replica), config).with("--drain", "5s");
  }

  private static Map<String, String> owners(GatewayProcess gateway) {
    Map<String, String> all = new TreeMap<>();
    new JsonObject(gateway.get("/api/v1/topology"))
        .getJsonArray("sources").stream()
            .map(JsonObject.class::cast)
            .filter(source -> source.containsKey("owner"))
            .forEach(
                source ->
                    all.put(
                        source.getString("name"),
                        source.getJsonObject("owner").getString("replica")));
    return all;
  }

  private static void await(org.awaitility.core.ThrowingRunnable what) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(300))
        .ignoreExceptions()
        .untilAsserted(what);
  }
}
