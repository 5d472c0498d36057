package io.sluice.lease;

import io.sluice.connector.Cursor;
import io.sluice.connector.CursorLostException;
import io.sluice.connector.Step;
import io.sluice.replica.SharedDatabase;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Those in a PostgreSQL, in the table of a {@link DatabaseRegister}, which is not made here. */
record DatabaseCursors(SharedDatabase database, String team) implements SharedCursors {
  private static final String NO_TABLE = "42P01";
  private static final String ALL =
      "SELECT source, holder, term, cursor FROM sluice_leases WHERE team = $1";
  private static final String ONE = ALL + " AND source = $2";
  private static final String MOVE =
      "UPDATE sluice_leases SET holder = '', term = $3, commits = 0, cursor = $4"
          + " WHERE team = $1 AND source = $2";
  private static final String RESET =
      "UPDATE sluice_leases SET holder = '', term = $3, commits = 0,"
          + " aside = coalesce(cursor, aside), cursor = NULL WHERE team = $1 AND source = $2";

  private static Future<RowSet<Row>> ask(SqlConnection connection, String sql, Tuple values) {
    return connection.preparedQuery(sql).execute(values);
  }

  @Override
  public Future<List<KeptCursor>> all() {
    return database
        .look(connection -> ask(connection, ALL + " ORDER BY source", Tuple.of(team)))
        .map(
            rows -> {
              List<KeptCursor> all = new ArrayList<>();
              rows.forEach(row -> all.add(kept(row)));
              return all;
            })
        .recover(this::told);
  }

  @Override
  public Future<Optional<KeptCursor>> find(String source) {
    return database
        .look(connection -> ask(connection, ONE, Tuple.of(team, source)))
        .map(DatabaseCursors::first)
        .recover(this::told);
  }

  private static Optional<KeptCursor> first(RowSet<Row> rows) {
    return rows.size() == 0 ? Optional.empty() : Optional.of(kept(rows.iterator().next()));
  }

  private static KeptCursor kept(Row row) {
    String source = row.getString(0);
    @Nullable Buffer content = row.getBuffer(3);
    return new KeptCursor(
        source,
        Identities.name(row.getString(1)),
        row.getLong(2),
        () -> DatabaseRegister.cursor(source, content));
  }

  @Override
  public Future<Optional<KeptCursor>> rewind(String source, Optional<Step> step) {
    return database
        .change(
            connection ->
                // Whoever commits meanwhile waits, and is refused then.
                ask(connection, ONE + " FOR UPDATE", Tuple.of(team, source))
                    .map(DatabaseCursors::first)
                    .compose(
                        before ->
                            before.isEmpty()
                                ? Future.succeededFuture(before)
                                : move(connection, before.get(), step).map(before)))
        .recover(this::told);
  }

  private Future<RowSet<Row>> move(SqlConnection connection, KeptCursor before, Optional<Step> to) {
    long term = before.term() + 1;
    if (to.isEmpty()) {
      return ask(connection, RESET, Tuple.of(team, before.source(), term));
    }
    Cursor next;
    try {
      next = to.get().from(before.cursor().read());
    } catch (CursorLostException lost) {
      return Future.failedFuture(lost);
    }
    Buffer content = Buffer.buffer(new CursorRecord(term, next).encode());
    return ask(connection, MOVE, Tuple.of(team, before.source(), term, content));
  }

  private <T> Future<T> told(Throwable failure) {
    if (failure instanceof CursorLostException) {
      return Future.failedFuture(failure);
    }
    return Future.failedFuture(
        new IOException(
            failure instanceof PgException refused && NO_TABLE.equals(refused.getSqlState())
                ? "the shared database has no table sluice_leases: no gateway has polled with it"
                : "the shared database cannot be asked: " + failure.getMessage(),
            failure));
  }

  @Override
  public String aside(String source) {
    return "the column aside of sluice_leases";
  }
}
