package io.sluice.lease;

import io.sluice.connector.Cursor;
import io.sluice.connector.CursorLostException;
import io.sluice.connector.LeaseLostException;
import io.sluice.replica.SharedDatabase;
import io.sluice.replica.Tables;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The register in a PostgreSQL: a row for each member and each source. Every write is one statement
 * that looks for what it expects; nothing depends on a clock.
 */
final class DatabaseRegister implements Register {
  static final Tables TABLES =
      new Tables(
          "leases",
          List.of(
              List.of(
                  "CREATE TABLE sluice_members (team text, identity text, beat text NOT NULL,"
                      + " asks text[] NOT NULL, PRIMARY KEY (team, identity))",
                  "CREATE TABLE sluice_leases (team text, source text, holder text NOT NULL,"
                      + " term bigint NOT NULL, commits bigint NOT NULL, cursor bytea, aside bytea,"
                      + " PRIMARY KEY (team, source))")));

  private static final String BEAT =
      "INSERT INTO sluice_members (team, identity, beat, asks) VALUES ($1, $2, $3, $4) ON CONFLICT"
          + " (team, identity) DO UPDATE SET beat = excluded.beat, asks = excluded.asks";
  private static final String MEMBERS =
      "SELECT identity, beat, asks FROM sluice_members WHERE team = $1";
  private static final String HEADS =
      "SELECT source, holder, term FROM sluice_leases WHERE team = $1";
  private static final String STRIKE =
      "DELETE FROM sluice_members WHERE team = $1 AND identity = $2 AND beat = $3";
  private static final String TAKE =
      "INSERT INTO sluice_leases AS held (team, source, holder, term, commits)"
          + " VALUES ($1, $2, $3, 1, 0)"
          + " ON CONFLICT (team, source) DO UPDATE"
          + " SET holder = excluded.holder, term = held.term + 1, commits = 0"
          + " WHERE held.holder = $4 AND held.term = $5 RETURNING term, cursor";
  private static final String COMMIT =
      "UPDATE sluice_leases SET cursor = $5, commits = $6"
          + " WHERE team = $1 AND source = $2 AND holder = $3 AND term = $4 AND commits < $6";
  private static final String STATE =
      "SELECT holder, term, commits FROM sluice_leases WHERE team = $1 AND source = $2";
  private static final String RELEASE =
      "UPDATE sluice_leases SET holder = ''"
          + " WHERE team = $1 AND source = $2 AND holder = $3 AND term = $4";
  private static final String RESET =
      "UPDATE sluice_leases SET aside = cursor, cursor = NULL WHERE team = $1 AND source = $2";

  private final SharedDatabase database;
  private final String team;

  /** The leases of a group of replicas. */
  DatabaseRegister(SharedDatabase database, String team) {
    this.database = database;
    this.team = team;
  }

  private static Future<RowSet<Row>> ask(SqlConnection connection, String sql, Tuple values) {
    return connection.preparedQuery(sql).execute(values);
  }

  private Future<RowSet<Row>> ask(String sql, Tuple values) {
    return database.with(TABLES, connection -> ask(connection, sql, values));
  }

  @Override
  public Future<Snapshot> beat(Member me) {
    Tuple sign = Tuple.of(team, me.identity(), me.beat(), me.asks().toArray(String[]::new));
    return database.with(
        TABLES,
        connection ->
            ask(connection, BEAT, sign)
                .compose(done -> ask(connection, MEMBERS, Tuple.of(team)))
                .compose(
                    members ->
                        ask(connection, HEADS, Tuple.of(team))
                            .map(heads -> new Snapshot(members(members), heads(heads)))));
  }

  private static List<Member> members(RowSet<Row> rows) {
    List<Member> all = new ArrayList<>();
    rows.forEach(
        row ->
            all.add(
                new Member(row.getString(0), row.getString(1), List.of(row.getArrayOfStrings(2)))));
    return all;
  }

  private static Map<String, Head> heads(RowSet<Row> rows) {
    Map<String, Head> all = new HashMap<>();
    rows.forEach(row -> all.put(row.getString(0), new Head(row.getString(1), row.getLong(2))));
    return all;
  }

  @Override
  public Future<Void> strike(Member member) {
    return ask(STRIKE, Tuple.of(team, member.identity(), member.beat())).mapEmpty();
  }

  @Override
  public Future<Optional<Taken>> take(String source, Head expected, String holder) {
    return ask(TAKE, Tuple.of(team, source, holder, expected.holder(), expected.term()))
        .compose(rows -> rows.size() == 0 ? none() : taken(source, rows.iterator().next()));
  }

  private static Future<Optional<Taken>> none() {
    return Future.succeededFuture(Optional.empty());
  }

  private static Future<Optional<Taken>> taken(String source, Row row) {
    try {
      return Future.succeededFuture(
          Optional.of(new Taken(row.getLong(0), cursor(source, row.getBuffer(1)))));
    } catch (CursorLostException lost) {
      return Future.failedFuture(lost);
    }
  }

  static Cursor cursor(String source, @Nullable Buffer kept) throws CursorLostException {
    return kept == null
        ? Cursor.START
        : CursorRecord.decode(kept.getBytes(), "the cursor of " + source + " in the database")
            .cursor();
  }

  @Override
  public Future<Void> commit(String source, Head head, long number, Cursor cursor) {
    Buffer content = Buffer.buffer(new CursorRecord(head.term(), cursor).encode());
    Tuple values = Tuple.of(team, source, head.holder(), head.term(), content, number);
    return database
        .with(
            TABLES,
            connection ->
                ask(connection, COMMIT, values)
                    .compose(
                        done ->
                            done.rowCount() == 1
                                ? Future.succeededFuture(Optional.<RowSet<Row>>empty())
                                : ask(connection, STATE, Tuple.of(team, source)).map(Optional::of)))
        .compose(
            state ->
                state
                    .map(rows -> refused(source, head, number, rows))
                    .orElseGet(Future::succeededFuture));
  }

  /** Either it was done before, and only the answer was lost, or somebody else is the holder. */
  private static Future<Void> refused(String source, Head head, long number, RowSet<Row> rows) {
    for (Row row : rows) {
      if (row.getString(0).equals(head.holder()) && row.getLong(1) == head.term()) {
        return row.getLong(2) == number
            ? Future.succeededFuture()
            : Future.failedFuture(new IOException("a later cursor of " + source + " is there"));
      }
    }
    return Future.failedFuture(
        new LeaseLostException("the lease of " + source + " is somebody else's by now"));
  }

  @Override
  public Future<Void> release(String source, Head head) {
    return ask(RELEASE, Tuple.of(team, source, head.holder(), head.term())).mapEmpty();
  }

  @Override
  public Future<Void> reset(String source) {
    return ask(RESET, Tuple.of(team, source)).mapEmpty();
  }
}
