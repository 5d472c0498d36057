package io.sluice.source.poll.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.config.Secret;
import io.sluice.connector.Cursor;
import io.sluice.connector.PollException;
import io.sluice.harness.Loop;
import io.sluice.harness.MaxLog;
import io.sluice.harness.Pki;
import io.sluice.harness.SluiceExtension;
import io.sluice.net.DatabaseTls;
import io.sluice.source.poll.FakeIntake;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.event.Level;

/** Against a real PostgreSQL. */
@ExtendWith(SluiceExtension.class)
class PostgresTest implements SqlContract {
  @TempDir static Path files;
  private static Path authority;
  private static EmbeddedPostgres server;
  private final Vertx vertx = Vertx.vertx();
  private Pool pool;

  @BeforeAll
  static void start() throws IOException {
    Pki pki = new Pki();
    authority = pki.authority(files);
    Pki.write(files, "server", pki.signed("CN=db", same -> same.addSanDnsName("localhost")));
    server =
        EmbeddedPostgres.builder()
            .setServerConfig("fsync", "off")
            .setServerConfig("ssl", "on")
            .setServerConfig("ssl_cert_file", files.resolve("server.pem").toString())
            .setServerConfig("ssl_key_file", files.resolve("server.key").toString())
            .setServerConfig("max_connections", "40")
            .start();
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @BeforeEach
  void open() {
    pool =
        PgBuilder.pool()
            .with(new PoolOptions().setMaxSize(4))
            .connectingTo(
                new PgConnectOptions()
                    .setHost("127.0.0.1")
                    .setPort(server.getPort())
                    .setUser("postgres")
                    .setDatabase("postgres"))
            .using(vertx)
            .build();
    run("DROP SCHEMA public CASCADE", "CREATE SCHEMA public");
  }

  @AfterEach
  void close() {
    Loop.wait(pool.close());
    Loop.wait(vertx.close());
  }

  @Override
  public void run(String... statements) {
    for (String each : statements) {
      Loop.wait(pool.query(each).execute());
    }
  }

  @Override
  public SqlSourceConfig config(String query, String column, String initial) {
    return SqlRig.config(url("127.0.0.1"), "postgres", query, column, initial);
  }

  private static String url(String host) {
    return "postgresql://" + host + ":" + server.getPort() + "/postgres";
  }

  @Override
  public SqlRig rig(SqlSourceConfig config) {
    return new SqlRig(vertx, config);
  }

  @Test
  void typesBecomeJson() {
    run(
        "CREATE TABLE t (id int, b bigint, n numeric, r real, d double precision, ok bool,"
            + " j json, jb jsonb, ts timestamp, tz timestamptz, da date, ti time, by bytea,"
            + " u uuid, a int[], x text[], i interval, c char(3))",
        "INSERT INTO t VALUES (1, 9223372036854775807,"
            + " 12345678901234567890123456789.0123456789012345678900, 0.1, 0.1, true,"
            + " '{\"b\": [1, null]}', '\"text\"', '2024-02-29 23:59:59.123456',"
            + " '2024-02-29 23:59:59.123456+02', '2024-02-29', '12:34:56', '\\x00ff10',"
            + " '550e8400-e29b-41d4-a716-446655440000', '{1,NULL,3}', '{a,\"b\\\"\"}',"
            + " '1 day 2 hours', 'x')",
        "INSERT INTO t (id, n, d, ts, tz, da, jb) VALUES (2, 'NaN', 'Infinity', 'infinity',"
            + " '-infinity', 'infinity', 'null')");
    try (SqlRig rig = rig(config("SELECT * FROM t WHERE id > {cursor} ORDER BY id", "id", "0"))) {
      var rows = rig.poll();
      assertThat(rows.get(0))
          .startsWith(
              "{\"id\":1,\"b\":9223372036854775807,"
                  + "\"n\":12345678901234567890123456789.0123456789012345678900,"
                  + "\"r\":0.1,\"d\":0.1,\"ok\":true,\"j\":{\"b\":[1,null]},\"jb\":\"text\","
                  + "\"ts\":\"2024-02-29T23:59:59.123456\",\"tz\":\"2024-02-29T21:59:59.123456Z\","
                  + "\"da\":\"2024-02-29\",\"ti\":\"12:34:56\",\"by\":\"AP8Q\","
                  + "\"u\":\"550e8400-e29b-41d4-a716-446655440000\",\"a\":[1,null,3],"
                  + "\"x\":[\"a\",\"b\\\"\"],")
          .endsWith("\"c\":\"x  \"}");
      assertThat(rows.get(1))
          .contains("\"n\":\"NaN\"", "\"d\":\"Infinity\"", "\"ts\":\"infinity\"")
          .contains("\"tz\":\"-infinity\"", "\"da\":\"infinity\"", "\"jb\":null");
    }
  }

  @Test
  void everyTypeOfCursorGoesOnExactlyWhereItWas() {
    cursorOf("bigint", "0", "1", "9007199254740993", "9007199254740994");
    cursorOf("numeric", "0", "0.1", "12345678901234567890.1", "12345678901234567890.2");
    cursorOf("real", "0", "0.1", "0.2", "0.30000001");
    cursorOf("double precision", "0", "0.1", "0.2", "0.30000000000000004");
    cursorOf("text", "", "'a'", "'a,b'", "'z'");
    cursorOf(
        "uuid",
        "00000000-0000-0000-0000-000000000000",
        "'10000000-0000-0000-0000-000000000000'",
        "'80000000-0000-0000-0000-000000000000'",
        "'f0000000-0000-0000-0000-000000000000'");
    cursorOf("date", "2000-01-01", "'2024-02-28'", "'2024-02-29'", "'2024-03-01'");
    cursorOf(
        "timestamp",
        "2000-01-01",
        "'2024-01-01'",
        "'2024-01-01 00:00:00.000001'",
        "'2024-01-01 00:00:00.000002'");
    cursorOf(
        "timestamptz",
        "-infinity",
        "'2024-01-01+03'",
        "'2024-01-01 00:00:00.000001Z'",
        "'2024-01-01 00:00:00.000002Z'");
  }

  private void cursorOf(String type, String initial, String... values) {
    run("DROP TABLE IF EXISTS t", "CREATE TABLE t (v " + type + ")");
    try (SqlRig rig = rig(config("SELECT v FROM t WHERE v > {cursor} ORDER BY v", "v", initial))) {
      for (String value : values) {
        run("INSERT INTO t VALUES (" + value + ")");
        assertThat(rig.poll()).as(type + " " + value).hasSize(1);
        assertThat(rig.poll()).as(type + " " + value).isEmpty();
      }
    }
  }

  @Test
  void cursorMayStandInAnExpression() {
    run("CREATE TABLE t (v timestamptz)", "INSERT INTO t VALUES (now())");
    SqlSourceConfig config =
        config(
            "SELECT v FROM t WHERE v > {cursor} - interval '5 minutes' ORDER BY v",
            "v",
            "2000-01-01");
    try (SqlRig rig = rig(config)) {
      assertThat(rig.failure().reason()).isEqualTo("query");
    }
    SqlSourceConfig typed =
        new SqlSourceConfig(
            config.url(),
            config.user(),
            config.password(),
            config.query(),
            new SqlSourceConfig.SqlCursor("v", "2000-01-01", Optional.of(KeyType.TIMESTAMPTZ)),
            config.id(),
            config.limit(),
            config.fetch(),
            config.tls(),
            config.connectTimeout(),
            config.statementTimeout(),
            config.polling());
    try (SqlRig rig = rig(typed)) {
      assertThat(rig.poll()).hasSize(1);
    }
  }

  @Test
  void tooManyRowsWithOneValueAreNotForgottenSilently() {
    run("CREATE TABLE t (v int)", "INSERT INTO t SELECT 1 FROM generate_series(1, 5001)");
    try (SqlRig rig = rig(config("SELECT v FROM t WHERE v >= {cursor} ORDER BY v", "v", "0"))) {
      assertThat(rig.failure().reason()).isEqualTo("too-many-ties");
    }
  }

  @Test
  void manyRowsAreFetchedAsThereIsRoom() {
    run(
        "CREATE TABLE t (id int, x text)",
        "INSERT INTO t SELECT i, repeat('x', 200) FROM generate_series(1, 100000) i");
    try (SqlRig rig = rig(config("SELECT * FROM t WHERE id > {cursor} ORDER BY id", "id", "0"))) {
      FakeIntake into = rig.intake.counting();
      rig.poll();
      assertThat(into.count()).isEqualTo(100_000);
      assertThat(into.mostBytes()).isLessThan(66 << 10);
      assertThat(into.cursor().part("value")).contains("100000");
    }
  }

  @Test
  @MaxLog(Level.WARN)
  void rowsOfAnySizeAreFetchedFewAtATime() {
    run(
        "CREATE TABLE t (id int, x text)",
        "INSERT INTO t SELECT i, repeat('x', 500000) FROM generate_series(1, 20) i",
        "INSERT INTO t VALUES (101, repeat('y', 1048577)), (102, 'z')");
    try (SqlRig rig = rig(config("SELECT * FROM t WHERE id > {cursor} ORDER BY id", "id", "0"))) {
      FakeIntake into = rig.intake.counting();
      rig.poll();
      assertThat(into.count()).isEqualTo(21);
      assertThat(into.mostBytes()).isLessThan(1 << 20);
    }
  }

  @Test
  void slowQueryIsEnded() {
    SqlSourceConfig config =
        SqlRig.with(
            config("SELECT 1 AS v, pg_sleep(30) WHERE 1 > {cursor}", "v", "0"),
            Secret.parse(""),
            Optional.empty(),
            Duration.ofMillis(300));
    try (SqlRig rig = rig(config)) {
      assertThat(rig.failure().reason()).isEqualTo("statement-timeout");
      assertThat(rig.failure().isLasting()).isFalse();
    }
  }

  @Test
  void wrongCredentialsAreLasting() {
    run("DROP ROLE IF EXISTS reader", "CREATE ROLE reader LOGIN PASSWORD 'right'");
    SqlSourceConfig nobody =
        SqlRig.config(url("127.0.0.1"), "nobody", "SELECT {cursor} AS v", "v", "0");
    try (SqlRig rig = rig(nobody)) {
      assertThat(rig.failure().reason()).isEqualTo("auth");
      assertThat(rig.failure().isLasting()).isTrue();
    }
    SqlSourceConfig nowhere =
        SqlRig.config(url("127.0.0.1") + "nowhere", "postgres", "SELECT {cursor} AS v", "v", "0");
    try (SqlRig rig = rig(nowhere)) {
      assertThat(rig.failure().reason()).isEqualTo("auth");
    }
  }

  @Test
  void nothingThatListensIsPassing() {
    SqlSourceConfig config =
        SqlRig.config("postgresql://127.0.0.1:1/x", "postgres", "SELECT {cursor} AS v", "v", "0");
    try (SqlRig rig = rig(config)) {
      assertThat(rig.failure().reason()).isEqualTo("connect");
      assertThat(rig.failure().isLasting()).isFalse();
      assertThat(rig.context.open()).isZero();
    }
  }

  @Test
  void passwordIsProvenBySaltAndChallenge() {
    run(
        "DROP ROLE IF EXISTS reader",
        "CREATE ROLE reader LOGIN PASSWORD 'right'",
        "CREATE TABLE t (id int)",
        "INSERT INTO t VALUES (1)",
        "GRANT USAGE ON SCHEMA public TO reader",
        "GRANT SELECT ON t TO reader");
    String file = Loop.wait(pool.query("SHOW hba_file").execute()).iterator().next().getString(0);
    run(
        "COPY (SELECT unnest(ARRAY['host all reader all scram-sha-256', 'host all all all trust',"
            + " 'local all all trust'])) TO '"
            + file
            + "'",
        "SELECT pg_reload_conf()");
    SqlSourceConfig reader =
        SqlRig.config(
            url("127.0.0.1"), "reader", "SELECT id FROM t WHERE id > {cursor}", "id", "0");
    Duration usual = Duration.ofSeconds(5);
    try (SqlRig wrong = rig(SqlRig.with(reader, Secret.parse("wrong"), Optional.empty(), usual));
        SqlRig right = rig(SqlRig.with(reader, Secret.parse("right"), Optional.empty(), usual))) {
      Awaitility.await().until(() -> wrong.polling().failure(wrong.intake) != null);
      assertThat(wrong.failure().reason()).isEqualTo("auth");
      assertThat(wrong.failure()).hasMessageNotContainingAny("wrong'", "right");
      assertThat(right.poll()).hasSize(1);
    }
  }

  @Test
  void certificateHasToBeTrustedAndOfTheHost() {
    run("CREATE TABLE t (id int)", "INSERT INTO t VALUES (1)");
    Optional<Path> ca = Optional.of(authority);
    assertThat(tls("localhost", DatabaseTls.Verify.FULL, ca)).isEqualTo("1");
    assertThat(tls("127.0.0.1", DatabaseTls.Verify.CA, ca)).isEqualTo("1");
    assertThat(tls("127.0.0.1", DatabaseTls.Verify.FULL, ca)).isEqualTo("tls");
    assertThat(tls("localhost", DatabaseTls.Verify.FULL, Optional.empty())).isEqualTo("tls");
  }

  /** How many rows came, or why not. */
  private String tls(String host, DatabaseTls.Verify verify, Optional<Path> ca) {
    SqlSourceConfig config =
        SqlRig.with(
            SqlRig.config(url(host), "postgres", "SELECT id FROM t WHERE id > {cursor}", "id", "0"),
            Secret.parse(""),
            Optional.of(new DatabaseTls(verify, ca)),
            Duration.ofSeconds(5));
    try (SqlRig rig = rig(config)) {
      return Loop.wait(
          rig.polling()
              .polling(rig.intake)
              .map(polled -> Integer.toString(rig.intake.events().size()))
              .otherwise(
                  failure -> {
                    return ((PollException) failure).reason();
                  }));
    }
  }

  @Test
  void connectionThatIsEndedInTheMidstIsPassingAndTheNextPollGoesOn() {
    run("CREATE TABLE t (id int)", "INSERT INTO t SELECT i FROM generate_series(1, 20000) i");
    try (SqlRig rig = rig(config("SELECT id FROM t WHERE id > {cursor} ORDER BY id", "id", "0"))) {
      rig.intake(Cursor.START, 1_000);
      FakeIntake into = rig.intake.full();
      Future<?> poll = rig.polling().polling(into);
      for (int i = 0; i < 10; i++) {
        Awaitility.await().pollInterval(Duration.ofMillis(1)).until(into::waiting);
        into.room();
      }
      Awaitility.await().pollInterval(Duration.ofMillis(1)).until(into::waiting);
      run(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
              + " WHERE application_name = 'sluice'");
      into.empty();
      Awaitility.await().until(poll::isComplete);
      assertThat(poll.cause()).hasMessageContaining("connection");

      long before = into.count();
      assertThat(before).isPositive().isLessThan(20_000);
      rig.poll();
      assertThat(into.count()).isEqualTo(20_000);
    }
  }

  @Test
  void closingLeavesNoConnectionBehind() {
    run("CREATE TABLE t (id int)", "INSERT INTO t SELECT i FROM generate_series(1, 20000) i");
    SqlRig rig = rig(config("SELECT id FROM t WHERE id > {cursor} ORDER BY id", "id", "0"));
    rig.intake(Cursor.START, 1_000);
    Future<?> poll = rig.polling().polling(rig.intake.full());
    Awaitility.await().until(rig.intake::waiting);
    rig.close();
    Awaitility.await().until(poll::isComplete);
    Awaitility.await()
        .until(
            () -> {
              Row row =
                  Loop.wait(
                          pool.query(
                                  "SELECT count(*) FROM pg_stat_activity"
                                      + " WHERE application_name = 'sluice'")
                              .execute())
                      .iterator()
                      .next();
              return row.getLong(0) == 0;
            });
  }

  /** What the documentation says of rows that are committed late, and what to do about it. */
  @Test
  void rowsCommittedLateAreSeenByAQueryThatWaitsForOlderTransactions() {
    run("CREATE TABLE t (id serial, tx bigint DEFAULT pg_current_xact_id()::text::bigint)");
    SqlSourceConfig naive = config("SELECT id FROM t WHERE id > {cursor} ORDER BY id", "id", "0");
    SqlSourceConfig waiting =
        SqlRig.withId(
            config("SELECT {cursor}", "tx", "0"),
            "SELECT tx, id FROM t WHERE (tx > {cursor} OR (tx = {cursor} AND id > {id}))"
                + " AND tx < pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
                + " ORDER BY tx, id",
            "id",
            100);
    try (SqlRig misses = rig(naive);
        SqlRig sees = rig(waiting)) {
      SqlConnection late = Loop.wait(pool.getConnection());
      Loop.wait(late.query("BEGIN").execute());
      Loop.wait(late.query("INSERT INTO t DEFAULT VALUES").execute());
      run("INSERT INTO t DEFAULT VALUES");
      assertThat(misses.poll()).hasSize(1);
      assertThat(sees.poll()).isEmpty();

      Loop.wait(late.query("COMMIT").execute());
      Loop.wait(late.close());
      assertThat(misses.poll()).isEmpty();
      assertThat(sees.poll()).hasSize(2);
      assertThat(sees.poll()).isEmpty();
    }
  }
}
