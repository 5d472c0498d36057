package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.config.Reading;
import io.sluice.connector.Cursor;
import io.sluice.connector.Lease;
import io.sluice.connector.LeaseLostException;
import io.sluice.control.DataDirectory;
import io.sluice.harness.FakeKubernetes;
import io.sluice.harness.Loop;
import io.sluice.harness.MaxLog;
import io.sluice.harness.SluiceExtension;
import io.sluice.lease.CursorRecord;
import io.sluice.lease.GatewayLeases;
import io.sluice.lease.Leases;
import io.sluice.replica.Replica;
import io.sluice.replica.ReplicasConfig;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.event.Level;

/** {@code sluice cursor} where replicas share what it is about. */
@ExtendWith(SluiceExtension.class)
class SharedCursorCommandTest {
  private static EmbeddedPostgres database;
  private static FakeKubernetes kubernetes;
  private static Vertx vertx;
  @TempDir private static Path account;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final List<Runnable> ends = new ArrayList<>();

  @TempDir private Path directory;

  enum Place {
    DATABASE,
    KUBERNETES
  }

  @BeforeAll
  static void start() throws IOException {
    database = EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
    kubernetes = new FakeKubernetes(account);
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stop() throws IOException {
    Loop.wait(vertx.close());
    kubernetes.close();
    database.close();
  }

  @BeforeEach
  void empty() throws SQLException {
    kubernetes.clear();
    sql("DROP SCHEMA public CASCADE");
    sql("CREATE SCHEMA public");
  }

  @AfterEach
  void end() {
    ends.forEach(Runnable::run);
  }

  private static void sql(String statement) throws SQLException {
    try (Connection connection = database.getPostgresDatabase().getConnection();
        Statement asked = connection.createStatement()) {
      asked.execute(statement);
    }
  }

  private static Optional<Object> value(String query) throws SQLException {
    try (Connection connection = database.getPostgresDatabase().getConnection();
        Statement asked = connection.createStatement();
        ResultSet rows = asked.executeQuery(query)) {
      return rows.next() ? Optional.ofNullable(rows.getObject(1)) : Optional.empty();
    }
  }

  private static String where(Place place) {
    return place == Place.KUBERNETES
        ? "\"kubernetes\": " + kubernetes.config(kubernetes.port()).replace("\"1s\"", "\"30s\"")
        : inDatabase(database.getPort(), "postgres");
  }

  private static String inDatabase(int port, String user) {
    return """
    "database": {"url": "postgresql://127.0.0.1:%d/postgres", "user": "%s",
      "connectTimeout": "30s", "statementTimeout": "30s"}
    """
        .formatted(port, user);
  }

  private Path configured(String replicas) {
    try {
      return Files.writeString(
          directory.resolve("sluice.json"), "{\"replicas\": {%s}}".formatted(replicas));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private int run(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--config", directory.resolve("sluice.json").toString()));
    return plainly(all.toArray(String[]::new));
  }

  private int plainly(String... words) {
    return CursorCommand.line(ParkedCommandTest.MODEL, nothing -> null, () -> vertx)
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(words);
  }

  /** The leases of a gateway with this configuration. */
  private GatewayLeases gateway(String name, Place place) {
    Path file =
        configured(
            "\"name\": \"%s\", \"lease\": {\"duration\": \"90s\", \"renewWithin\": \"60s\","
                    .formatted(name)
                + "\"renewEvery\": \"200ms\"}, "
                + where(place));
    ReplicasConfig config =
        ParkedCommandTest.MODEL
            .check(Reading.of(List.of(file)), nothing -> null)
            .fold(good -> good.value().replicas(), bad -> null);
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    Replica replica = Replica.of(vertx, config, () -> name, nothing -> null, meters);
    GatewayLeases leases =
        Leases.of(vertx, replica, DataDirectory.cursorsIn(directory), meters, Clock.systemUTC());
    ends.add(
        () -> {
          Loop.wait(leases.close());
          Loop.wait(replica.close());
        });
    return leases;
  }

  private static Lease taken(GatewayLeases leases, String source) {
    List<Lease> taken = new ArrayList<>();
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              Loop.wait(leases.acquire(source)).ifPresent(taken::add);
              return !taken.isEmpty();
            });
    return taken.get(0);
  }

  private static Cursor at(String... parts) {
    return parts.length == 2
        ? Cursor.of(Map.of(parts[0], parts[1]))
        : Cursor.of(Map.of(parts[0], parts[1], parts[2], parts[3]));
  }

  @ParameterizedTest
  @EnumSource
  void listsAndShowsWhatReplicasShare(Place place) {
    GatewayLeases leases = gateway("r0", place);
    Loop.wait(taken(leases, "orders").commit(at("since", "2026-05-01", "etag", "a\u001b[2Jb")));
    taken(leases, "customers");

    assertThat(run("list")).isZero();
    assertThat(out.toString().lines())
        .containsExactly("customers  term 1  0 parts", "orders  term 1  2 parts");
    assertThat(run("show", "orders")).isZero();
    assertThat(out.toString()).contains("since=2026-05-01", "etag=a\\u001b[2Jb");
    assertThat(run("show", "nobody")).isOne();
    assertThat(run("rewind", "nobody", "--start")).isOne();
    assertThat(err.toString()).contains("the source nobody has no cursor");
  }

  @ParameterizedTest
  @EnumSource
  void whoHasTheLeaseIsRefusedAndTheNextBeginsWhereItWasRewoundTo(Place place) {
    GatewayLeases leases = gateway("r0", place);
    Lease lease = taken(leases, "orders");
    Loop.wait(lease.commit(at("since", "2026-05-01", "etag", "x")));

    assertThat(run("rewind", "orders", "--set", "since=2026-01-01", "--remove", "etag")).isZero();

    assertThat(out.toString()).contains("since=2026-05-01", "etag=x");
    assertThat(err.toString())
        .contains("the replica r0 had the lease, under term 1; what it has under way is refused");
    assertThatThrownBy(() -> Loop.wait(lease.commit(at("since", "2026-05-02"))))
        .isInstanceOf(LeaseLostException.class);
    Lease next = taken(leases, "orders");
    assertThat(next.cursor()).isEqualTo(at("since", "2026-01-01"));
    assertThat(next.term()).isEqualTo(3);
    Loop.wait(next.commit(at("since", "2026-01-02")));
    assertThat(run("list")).isZero();
    assertThat(out.toString()).contains("orders  term 3  1 part");
  }

  @ParameterizedTest
  @EnumSource
  void whatNobodyHasBeginsAnewAndIsPutAside(Place place) throws SQLException {
    GatewayLeases leases = gateway("r0", place);
    Lease lease = taken(leases, "orders");
    Loop.wait(lease.commit(at("since", "2026-05-01")));
    Loop.wait(leases.close());

    assertThat(run("rewind", "orders", "--start")).isZero();
    assertThat(run("rewind", "orders", "--start")).isZero();

    assertThat(err.toString()).isEmpty();
    assertThat(out.toString()).contains("orders begins anew; its cursor is in ");
    assertThat(taken(gateway("r1", place), "orders").cursor()).isEqualTo(Cursor.START);
    if (place == Place.DATABASE) {
      assertThat(value("SELECT aside IS NOT NULL FROM sluice_leases")).contains(true);
    } else {
      assertThat(kubernetes.leases().toString()).contains("sluice.io/cursor-aside");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aDamagedCursorCanOnlyBeginAnew(Place place) throws SQLException {
    GatewayLeases leases = gateway("r0", place);
    Loop.wait(taken(leases, "orders").commit(at("since", "2026-05-01")));
    if (place == Place.DATABASE) {
      sql("UPDATE sluice_leases SET cursor = 'x'");
    } else {
      JsonObject lease =
          kubernetes.leases().stream()
              .filter(each -> each.encode().contains("sluice.io/cursor"))
              .findAny()
              .orElseThrow();
      lease.getJsonObject("metadata").getJsonObject("annotations").put("sluice.io/cursor", "eA==");
      kubernetes.edit(lease);
    }

    assertThat(run("list")).isOne();
    assertThat(out.toString()).contains("orders  the cursor of orders in the ", "is damaged");
    assertThat(run("show", "orders")).isOne();
    assertThat(run("rewind", "orders", "--set", "a=b")).isOne();
    assertThat(err.toString()).contains("--start puts it aside");
    assertThat(run("rewind", "orders", "--start")).isZero();
    assertThat(taken(leases, "orders").cursor()).isEqualTo(Cursor.START);
  }

  @Test
  void aDatabaseThatNobodyPolledWithStaysAsItIs() throws SQLException {
    configured(where(Place.DATABASE));

    assertThat(run("list")).isOne();
    assertThat(run("rewind", "orders", "--start")).isOne();

    assertThat(err.toString()).contains("has no table sluice_leases: no gateway has polled");
    assertThat(value("SELECT to_regclass('sluice_schema')")).isEmpty();
  }

  @Test
  void aDatabaseThatCannotBeAskedIsSaidToBe() {
    configured(inDatabase(database.getPort(), "nobody"));
    assertThat(run("list")).isOne();
    configured(inDatabase(1, "postgres"));
    assertThat(run("list")).isOne();

    assertThat(err.toString())
        .contains("sluice: the shared database cannot be asked: ")
        .contains("role \"nobody\" does not exist")
        .contains("Connection refused");
  }

  @Test
  @MaxLog(Level.ERROR)
  void aRightThatIsMissingIsNamed() {
    configured(where(Place.KUBERNETES));
    kubernetes.forbid("list");
    try {
      assertThat(run("list")).isOne();
    } finally {
      kubernetes.allow("list");
    }

    assertThat(err.toString()).contains("may not list leases.coordination.k8s.io in the namespace");
  }

  @Test
  void outsideOfAPodItHasToBeSaidWhereTheApiServerIs() {
    configured("\"kubernetes\": {}");

    assertThat(run("list")).isOne();
    assertThat(err.toString()).contains("sluice: KUBERNETES_SERVICE_HOST is not set");
  }

  @Test
  void theConfigurationMaySayThatCursorsAreInFiles() throws IOException {
    DataDirectory.cursorsIn(directory)
        .save("orders", new CursorRecord(7, at("since", "2026-05-01")));
    configured("\"leases\": \"files\", " + inDatabase(1, "postgres"));

    assertThat(run("list", "--data", directory.toString())).isZero();
    assertThat(plainly("list", "--data", directory.toString())).isZero();
    assertThat(out.toString().lines()).containsOnly("orders  term 7  1 part").hasSize(2);
  }

  @Test
  void aConfigurationThatIsWrongIsRefused() {
    configured("\"leases\": \"database\"");

    assertThat(run("list")).isEqualTo(78);
    assertThat(err.toString()).contains("cannot be database");
  }
}
