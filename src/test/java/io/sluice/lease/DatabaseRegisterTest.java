package io.sluice.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.connector.Cursor;
import io.sluice.connector.CursorLostException;
import io.sluice.connector.LeaseLostException;
import io.sluice.harness.Loop;
import io.sluice.harness.MaxLog;
import io.sluice.harness.SluiceExtension;
import io.sluice.lease.Register.Head;
import io.sluice.lease.Register.Member;
import io.sluice.replica.DatabaseConfig;
import io.sluice.replica.SharedDatabase;
import io.vertx.core.Vertx;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.event.Level;

/** Against a real PostgreSQL. */
@ExtendWith(SluiceExtension.class)
class DatabaseRegisterTest implements RegisterContract {
  private static EmbeddedPostgres server;
  private final Vertx vertx = Vertx.vertx();
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
  void open() {
    database =
        new SharedDatabase(
            vertx,
            new DatabaseConfig(
                "postgresql://127.0.0.1:" + server.getPort() + "/postgres",
                "postgres",
                Optional.empty(),
                Optional.empty(),
                2,
                Duration.ofSeconds(10),
                Duration.ofSeconds(10)),
            new SimpleMeterRegistry());
    run("TRUNCATE sluice_leases, sluice_members");
  }

  private void run(String sql) {
    Loop.wait(
        database.with(
            DatabaseRegister.TABLES, connection -> connection.query(sql).execute().mapEmpty()));
  }

  @AfterEach
  void close() {
    Loop.wait(database.close());
    Loop.wait(vertx.close());
  }

  @Override
  public Register register() {
    return new DatabaseRegister(database, "sluice");
  }

  @Test
  void groupsKnowNothingOfEachOther() {
    Register others = new DatabaseRegister(database, "others");
    Loop.wait(others.beat(new Member("x/1", "1", List.of())));
    Loop.wait(others.take("orders", Head.NONE, "x/1"));

    Register.Snapshot mine = Loop.wait(register().beat(new Member("a/1", "1", List.of())));

    assertThat(mine.members()).hasSize(1);
    assertThat(mine.heads()).isEmpty();
  }

  /** As the manual says. */
  @Test
  void anOperatorLetsASourceBeginAnewUnderItsHolder() {
    Loop.wait(register().take("orders", Head.NONE, "a/1"));
    Cursor five = Cursor.of(Map.of("at", "5"));
    Loop.wait(register().commit("orders", new Head("a/1", 1), 1, five));
    run(
        "UPDATE sluice_leases SET aside = cursor, cursor = NULL, holder = '', term = term + 1,"
            + " commits = 0 WHERE team = 'sluice' AND source = 'orders'");

    assertThatThrownBy(() -> Loop.wait(register().commit("orders", new Head("a/1", 1), 2, five)))
        .isInstanceOf(LeaseLostException.class);
    assertThat(Loop.wait(register().take("orders", new Head("", 2), "a/1")))
        .contains(new Register.Taken(3, Cursor.START));
  }

  @Test
  @MaxLog(Level.WARN)
  void aDamagedCursorIsSaidToBeLostAndPutAside() {
    Loop.wait(register().take("orders", Head.NONE, "a/1"));
    run("UPDATE sluice_leases SET cursor = '\\x00ff'");

    assertThatThrownBy(() -> Loop.wait(register().take("orders", new Head("a/1", 1), "a/1")))
        .isInstanceOf(CursorLostException.class)
        .hasMessageContaining("the cursor of orders in the database is damaged");
    Loop.wait(register().reset("orders"));
    assertThat(Loop.wait(register().take("orders", new Head("a/1", 2), "a/1"))).isPresent();
  }
}
