package io.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sluice.harness.Effort;
import io.sluice.harness.GatewayProcess;
import io.sluice.harness.Hosts;
import io.vertx.core.json.JsonObject;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowingConsumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three gateways on hosts of their own share the polls of one API, over a PostgreSQL, both of which
 * they reach over the network.
 */
@Tag("slow")
class ThreeReplicasTest {
  private static final int SOURCES = 30;
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir private Path directory;
  private Hosts hosts;
  private int cuts;
  private final List<GatewayProcess> gateways = new ArrayList<>();

  @Test
  void whatAKilledOneHadIsPolledByTheOthers() throws Exception {
    run(
        "",
        numbers -> {
          gateways.get(0).kill();
          numbers.grow(20);
          await(() -> assertThat(owners()).hasSize(SOURCES).doesNotContainValue("r0"));
          await(() -> assertThat(missing(numbers)).isEmpty());
        });
  }

  @Test
  void killedStoppedAndCutOffNothingIsMissingAndNobodyCommitsForAnother() throws Exception {
    run(
        """
        "streams": {"events": {"dedupe": {"by": "/id", "shared": true}}},
        """,
        numbers -> {
          for (int round = 0; round < Effort.of(5, 1); round++) {
            killed(numbers, round % 3);
            stopped(numbers, (round + 1) % 3);
            cutOff(numbers, (round + 2) % 3);
          }
          assertThat(gateways.stream().flatMap(gateway -> out(gateway).stream()))
              .doesNotHaveDuplicates();
        });
  }

  private void killed(Numbers numbers, int who) {
    gateways.get(who).kill();
    numbers.grow(20);
    await(() -> assertThat(owners()).doesNotContainValue("r" + who));
    gateways.get(who).start();
    everybodyPolls(numbers);
  }

  private void stopped(Numbers numbers, int who) throws Exception {
    signal(who, "STOP");
    numbers.grow(20);
    await(() -> assertThat(ownersBy((who + 1) % 3)).doesNotContainValue("r" + who));
    signal(who, "CONT");
    everybodyPolls(numbers);
  }

  private void cutOff(Numbers numbers, int who) {
    hosts.get(who).unplug();
    cuts++;
    numbers.grow(20);
    await(() -> assertThat(ownersBy((who + 1) % 3)).doesNotContainValue("r" + who));
    hosts.get(who).plug();
    everybodyPolls(numbers);
  }

  private void everybodyPolls(Numbers numbers) {
    numbers.grow(20);
    await(() -> assertThat(new TreeSet<>(owners().values())).containsExactly("r0", "r1", "r2"));
    await(() -> assertThat(missing(numbers)).isEmpty());
  }

  private void run(String streams, ThrowingConsumer<Numbers> what) throws Exception {
    assumeTrue(Hosts.available(), "needs root and iproute2");
    try (EmbeddedPostgres server = database();
        Numbers numbers = new Numbers();
        Hosts three = new Hosts(3)) {
      hosts = three;
      numbers.grow(20);
      for (int i = 0; i < 3; i++) {
        String config = config(i, hosts.get(i), server.getPort(), numbers.port(), streams);
        gateways.add(
            GatewayProcess.in(directory.resolve("r" + i), config)
                .on(hosts.get(i))
                .with("--drain", "5s"));
      }
      gateways.forEach(GatewayProcess::start);
      everybodyPolls(numbers);
      what.accept(numbers);
      numbers.grow(20);
      await(() -> assertThat(missing(numbers)).isEmpty());
      nobodyPolledForAnother(server, numbers);
    } finally {
      gateways.forEach(GatewayProcess::close);
    }
  }

  /** A database that takes the hosts' connections, too. */
  private static EmbeddedPostgres database() throws Exception {
    EmbeddedPostgres server =
        EmbeddedPostgres.builder()
            .setServerConfig("fsync", "off")
            .setServerConfig("listen_addresses", "*")
            .start();
    try (Connection database = server.getPostgresDatabase().getConnection();
        Statement statement = database.createStatement();
        ResultSet rows = statement.executeQuery("SHOW hba_file")) {
      rows.next();
      Path access = Path.of(rows.getString(1));
      Files.writeString(
          access, "host all all " + Hosts.NETWORK + " trust\n", StandardOpenOption.APPEND);
      statement.execute("SELECT pg_reload_conf()");
    }
    return server;
  }

  private static String config(
      int replica, Hosts.Host host, int database, int api, String streams) {
    String sources =
        IntStream.range(0, SOURCES)
            .mapToObj(
                i ->
                    """
                    "p%d": {"type": "http-poll", "every": "300ms", "to": "events",
                      "url": "http://%s:%d/p%d?since={cursor}&by=r%d",
                      "allowPrivate": true, "cursor": {"max": "/n", "initial": "0"}}
                    """
                        .formatted(i, host.there(), api, i, replica))
            .collect(Collectors.joining(","));
    return """
    {"admin": {"listen": "%s:{{admin}}", "auth": {"type": "none"}},
     "replicas": {"name": "r%d", "lease": {"duration": "4s", "renewWithin": "2500ms",
         "renewEvery": "500ms"},
       "database": {"url": "postgresql://%s:%d/postgres", "user": "postgres",
         "connectTimeout": "1s", "statementTimeout": "1s"}},
     %s"sources": {%s},
     "sinks": {"out": {"type": "file", "from": "events", "path": "out.ndjson"}}}
    """
        .formatted(host.address(), replica, host.there(), database, streams, sources);
  }

  private Map<String, String> owners() {
    return gateways.stream()
        .filter(GatewayProcess::alive)
        .findFirst()
        .map(gateway -> ownersBy(gateways.indexOf(gateway)))
        .orElseThrow();
  }

  /** As one of them sees it. */
  private Map<String, String> ownersBy(int who) {
    Map<String, String> all = new TreeMap<>();
    JsonObject topology = new JsonObject(gateways.get(who).get("/api/v1/topology"));
    assertThat(topology.getString("replica")).isEqualTo("r" + who);
    topology.getJsonArray("sources").stream()
        .map(JsonObject.class::cast)
        .filter(source -> source.containsKey("owner"))
        .forEach(
            source ->
                all.put(
                    source.getString("name"), source.getJsonObject("owner").getString("replica")));
    return all;
  }

  private Set<String> missing(Numbers numbers) {
    Set<String> missing = new HashSet<>();
    for (int source = 0; source < SOURCES; source++) {
      for (long n = 1; n <= numbers.count(); n++) {
        missing.add("{\"n\":" + n + ",\"id\":\"p" + source + "-" + n + "\"}");
      }
    }
    gateways.forEach(gateway -> missing.removeAll(out(gateway)));
    return missing;
  }

  private static List<String> out(GatewayProcess gateway) {
    Path out = gateway.directory().resolve("out.ndjson");
    try {
      return Files.exists(out) ? Files.readAllLines(out) : List.of();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /**
   * Each change of who asks needs a term of its own; two owners at once would need far more. What
   * one asked before it was cut off may come when it is back, and so between two of another's.
   */
  private void nobodyPolledForAnother(EmbeddedPostgres server, Numbers numbers)
      throws SQLException {
    Map<String, Long> terms = new HashMap<>();
    try (Connection database = server.getPostgresDatabase().getConnection();
        Statement statement = database.createStatement();
        ResultSet rows = statement.executeQuery("SELECT source, term FROM sluice_leases")) {
      while (rows.next()) {
        terms.put(rows.getString(1), rows.getLong(2));
      }
    }
    assertThat(numbers.asked()).hasSize(SOURCES);
    numbers
        .asked()
        .forEach(
            (name, asked) -> assertThat(asked.changes()).isLessThan(terms.get(name) + 2L * cuts));
  }

  private void signal(int who, String signal) throws Exception {
    assertThat(
            new ProcessBuilder("kill", "-" + signal, Long.toString(gateways.get(who).pid()))
                .start()
                .waitFor())
        .isZero();
  }

  private static void await(org.awaitility.core.ThrowingRunnable what) {
    Awaitility.await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(300))
        .ignoreExceptions()
        .untilAsserted(what);
  }
}
