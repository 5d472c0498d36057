package io.sluice.source.poll.sql;

import io.vertx.core.Future;
import io.vertx.sqlclient.Cursor;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PreparedStatement;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.vertx.sqlclient.desc.ColumnDescriptor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One query on one connection, which reads and cannot write. Every step has its time. Confined to
 * one event loop.
 */
final class Session {
  private final SqlConnection connection;
  private final Dialect dialect;
  private final Duration timeout;
  private @Nullable PreparedStatement prepared;
  private @Nullable Cursor rows;

  private Session(SqlConnection connection, Dialect dialect, Duration timeout) {
    this.connection = connection;
    this.dialect = dialect;
    this.timeout = timeout;
  }

  /** A connection of the pool. */
  static Future<Session> open(Pool pool, Dialect dialect, SqlSourceConfig config) {
    return pool.getConnection()
        .timeout(config.connectTimeout().toMillis(), TimeUnit.MILLISECONDS)
        .map(connection -> new Session(connection, dialect, config.statementTimeout()));
  }

  private <T> Future<T> within(Future<T> answer) {
    // The database ends the statement itself before that, where it can.
    return answer.timeout(timeout.toMillis() + 1_000, TimeUnit.MILLISECONDS);
  }

  /** The columns that a query would bring, without a row. */
  Future<List<ColumnDescriptor>> columns(String probe) {
    return within(connection.query(probe).execute()).map(RowSet::columnDescriptors);
  }

  /** Whether the server is a MariaDB. */
  Future<Boolean> mariaDb() {
    return dialect == Dialect.POSTGRESQL
        ? Future.succeededFuture(false)
        : within(connection.query("SELECT VERSION()").execute())
            .map(answer -> answer.iterator().next().getString(0).contains("MariaDB"));
  }

  /** Asks. */
  Future<Void> ask(Statement statement, Tuple values, boolean mariaDb) {
    Future<?> begun = Future.succeededFuture();
    for (String each : dialect.begin(timeout, mariaDb)) {
      begun = begun.compose(before -> within(connection.query(each).execute()));
    }
    return begun
        .compose(before -> within(connection.prepare(statement.sql())))
        .map(
            ready -> {
              prepared = ready;
              rows = ready.cursor(values);
              return null;
            });
  }

  /** Whether rows may be left. */
  boolean hasMore() {
    return rows != null && rows.hasMore();
  }

  /** The next rows. */
  Future<RowSet<Row>> next(int howMany) {
    Cursor from = rows;
    return from == null
        ? Future.failedFuture(new IllegalStateException("nothing was asked"))
        : within(from.read(howMany));
  }

  /** Lets go of the query, and gives the connection back. */
  Future<Void> end() {
    Cursor open = rows;
    PreparedStatement ready = prepared;
    return (open == null ? Future.<Void>succeededFuture() : within(open.close()))
        .compose(shut -> ready == null ? Future.<Void>succeededFuture() : within(ready.close()))
        .compose(shut -> within(connection.query("ROLLBACK").execute()))
        .compose(over -> connection.close());
  }
}
