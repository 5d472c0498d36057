package io.sluice.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.harness.Loop;
import io.sluice.harness.MaxLog;
import io.sluice.harness.Severable;
import io.sluice.harness.SluiceExtension;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.event.Level;

/** Against a real PostgreSQL, through a wire that can be cut. */
@ExtendWith(SluiceExtension.class)
class SharedDatabaseTest {
  private static final Tables NOTES =
      new Tables("notes", List.of(List.of("CREATE TABLE sluice_notes (text text)")));

  private static EmbeddedPostgres server;
  private final Vertx vertx = Vertx.vertx();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private Severable wire;
  private SharedDatabase database;

  @BeforeAll
  static void start() throws IOException {
    server = EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @BeforeEach
  void open() throws IOException {
    wire = new Severable(server.getPort());
    database = database(1, Duration.ofSeconds(1));
    Loop.wait(
        database.with(
            new Tables("nothing", List.of()),
            connection ->
                connection
                    .query("DROP SCHEMA public CASCADE")
                    .execute()
                    .compose(gone -> connection.query("CREATE SCHEMA public").execute())));
  }

  @AfterEach
  void close() {
    Loop.wait(database.close());
    Loop.wait(vertx.close());
    wire.close();
  }

  private SharedDatabase database(int connections, Duration limit) {
    return new SharedDatabase(
        vertx,
        new DatabaseConfig(
            "postgresql://127.0.0.1:" + wire.port() + "/postgres",
            "postgres",
            Optional.empty(),
            Optional.empty(),
            connections,
            limit,
            limit),
        meters);
  }

  private static Function<SqlConnection, Future<RowSet<Row>>> query(String sql) {
    return connection -> connection.query(sql).execute();
  }

  private static Function<SqlConnection, Future<RowSet<Row>>> note(String text) {
    return query("INSERT INTO sluice_notes VALUES ('" + text + "')");
  }

  private long notes() {
    return Loop.wait(database.with(NOTES, query("SELECT count(*) FROM sluice_notes")))
        .iterator()
        .next()
        .getLong(0);
  }

  private static boolean succeeds(Future<?> what) {
    return Loop.wait(what.transform(done -> Future.succeededFuture(done.succeeded())));
  }

  private static void eventually(Callable<Boolean> what) {
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(what);
  }

  @Test
  void tablesAreMadeOnceHoweverManyGatewaysBegin() {
    List<SharedDatabase> gateways =
        Stream.generate(() -> database(2, Duration.ofSeconds(10))).limit(8).toList();

    Loop.wait(
        Future.join(
            gateways.stream()
                .flatMap(
                    gateway -> IntStream.range(0, 3).mapToObj(i -> gateway.with(NOTES, note("x"))))
                .toList()));

    assertThat(notes()).isEqualTo(24);
    gateways.forEach(gateway -> Loop.wait(gateway.close()));
  }

  @Test
  void tablesAreBroughtForwardFromTheirVersion() {
    Loop.wait(database.with(NOTES, note("one")));
    Tables later =
        new Tables(
            "notes",
            List.of(
                NOTES.versions().get(0),
                List.of("ALTER TABLE sluice_notes ADD COLUMN more int NOT NULL DEFAULT 7")));
    SharedDatabase newer = database(1, Duration.ofSeconds(1));

    RowSet<Row> rows = Loop.wait(newer.with(later, query("SELECT more FROM sluice_notes")));

    assertThat(rows.iterator().next().getInteger(0)).isEqualTo(7);
    Loop.wait(newer.close());
    Loop.wait(database.with(NOTES, note("two")));
  }

  @Test
  @MaxLog(Level.WARN)
  void tablesOfALaterVersionAreLeftAlone() {
    Loop.wait(database.with(new Tables("notes", List.of(List.of(), List.of())), query("SELECT 1")));
    SharedDatabase older = database(1, Duration.ofSeconds(1));

    assertThatThrownBy(() -> Loop.wait(older.with(NOTES, note("x"))))
        .hasStackTraceContaining("the tables of notes are of version 2");

    Loop.wait(older.close());
  }

  @Test
  @MaxLog(Level.WARN)
  void aWireThatSwallowsEverythingFailsInTimeAndIsForgotten() {
    Loop.wait(database.with(NOTES, note("one")));
    wire.swallow();
    long begun = System.nanoTime();

    assertThatThrownBy(() -> Loop.wait(database.with(NOTES, note("two"))));

    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(3));
    wire.pass();
    eventually(() -> succeeds(database.with(NOTES, note("three"))));
    assertThat(meters.get("sluice.shared.database").timers()).hasSizeGreaterThan(1);
  }

  @Test
  @MaxLog(Level.WARN)
  void aConnectionThatBrokeOffIsMadeAnew() {
    Loop.wait(database.with(NOTES, note("one")));
    wire.cut();
    assertThatThrownBy(() -> Loop.wait(database.with(NOTES, note("two"))));
    wire.pass();

    eventually(() -> succeeds(database.with(NOTES, note("three"))));

    assertThat(notes()).isEqualTo(2);
  }

  @Test
  @MaxLog(Level.WARN)
  void aStatementThatTakesTooLongIsEndedByTheServer() {
    assertThatThrownBy(() -> Loop.wait(database.with(NOTES, query("SELECT pg_sleep(10)"))))
        .hasStackTraceContaining("57014");

    assertThat(notes()).isZero();
  }

  @Test
  @MaxLog(Level.WARN)
  void aTransactionOfAStandingGatewayIsEndedByTheServer() {
    SharedDatabase standing = database(1, Duration.ofSeconds(1));
    Future<?> never =
        standing.transaction(
            NOTES,
            connection ->
                connection
                    .query("LOCK TABLE sluice_notes IN ACCESS EXCLUSIVE MODE")
                    .execute()
                    .compose(locked -> io.vertx.core.Promise.<Void>promise().future()));

    eventually(() -> succeeds(database.with(NOTES, note("x"))));

    eventually(never::isComplete);
    Loop.wait(standing.close());
  }

  @Test
  void answersOnTheLoopThatAsked() {
    List<Loop> loops = Stream.generate(() -> Loop.of(vertx)).limit(4).toList();

    assertThat(
            loops.stream()
                .map(
                    loop ->
                        loop.later(
                            () -> {
                              Thread mine = Thread.currentThread();
                              return database
                                  .with(NOTES, query("SELECT 1"))
                                  .map(rows -> Thread.currentThread() == mine);
                            }))
                .toList())
        .allSatisfy(answer -> assertThat(Loop.wait(answer)).isTrue());
  }
}
