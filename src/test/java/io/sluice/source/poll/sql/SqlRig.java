package io.sluice.source.poll.sql;

import io.sluice.config.Bindings;
import io.sluice.config.Secret;
import io.sluice.connector.Cursor;
import io.sluice.connector.PollException;
import io.sluice.connector.PollSettings;
import io.sluice.harness.Loop;
import io.sluice.net.DatabaseTls;
import io.sluice.source.poll.FakeIntake;
import io.sluice.source.poll.FakePollContext;
import io.sluice.source.poll.Polling;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A source of one query. */
final class SqlRig implements AutoCloseable {
  private final Loop loop;
  final FakePollContext context;
  FakeIntake intake = FakeIntake.usual();
  private Polling polling;

  SqlRig(Vertx vertx, SqlSourceConfig config) {
    this.loop = Loop.of(vertx);
    this.context = new FakePollContext(vertx, "rows", Clock.systemUTC());
    this.polling = new Polling(loop, () -> new SqlPollFactory().create(config, context));
  }

  /** Settings with a cursor on a column. */
  static SqlSourceConfig config(
      String url, String user, String query, String column, String initial) {
    return new SqlSourceConfig(
        url,
        user,
        Optional.of(Secret.parse("")),
        query,
        new SqlSourceConfig.SqlCursor(column, initial, Optional.empty()),
        Optional.empty(),
        10_000,
        1_000,
        Optional.empty(),
        Duration.ofSeconds(5),
        Duration.ofSeconds(20),
        Bindings.presets(PollSettings.class));
  }

  static SqlSourceConfig withId(SqlSourceConfig config, String query, String id, int limit) {
    return new SqlSourceConfig(
        config.url(),
        config.user(),
        config.password(),
        query,
        config.cursor(),
        Optional.of(id),
        limit,
        config.fetch(),
        config.tls(),
        config.connectTimeout(),
        config.statementTimeout(),
        config.polling());
  }

  static SqlSourceConfig with(
      SqlSourceConfig config, Secret password, Optional<DatabaseTls> tls, Duration statement) {
    return new SqlSourceConfig(
        config.url(),
        config.user(),
        Optional.of(password),
        config.query(),
        config.cursor(),
        config.id(),
        config.limit(),
        config.fetch(),
        tls,
        config.connectTimeout(),
        statement,
        config.polling());
  }

  Polling polling() {
    return polling;
  }

  /** Polls until there is no more. */
  List<String> poll() {
    int before = intake.events().size();
    while (polling.poll(intake).more()) {
      // Again.
    }
    List<String> all = intake.events();
    return all.subList(before, all.size());
  }

  /** Why a poll fails. */
  PollException failure() {
    return (PollException) polling.failure(intake);
  }

  void intake(Cursor cursor, int batchBytes) {
    intake = new FakeIntake(cursor, batchBytes, 1 << 20);
  }

  @Override
  public void close() {
    polling.close();
  }
}
