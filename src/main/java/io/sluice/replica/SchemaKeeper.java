package io.sluice.replica;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;

/**
 * Brings tables to the version this gateway knows: in one transaction, and one gateway after the
 * other, however many start at once.
 */
final class SchemaKeeper {
  /** Of no meaning, but that all gateways lock the same number: "sluice" in ASCII. */
  private static final long LOCK = 0x736C_7569_6365L;

  private static final String VERSIONS =
      "CREATE TABLE IF NOT EXISTS sluice_schema (part text PRIMARY KEY, version int NOT NULL)";

  private SchemaKeeper() {}

  /**
   * Makes or brings forward what is missing.
   *
   * @return fails with an {@link IllegalStateException} when a later version is there already
   */
  static Future<Void> keep(Pool pool, Tables tables) {
    return pool.withTransaction(
        connection ->
            connection
                .query("SELECT pg_advisory_xact_lock(" + LOCK + ")")
                .execute()
                .compose(
                    locked ->
                        connection
                            .query("SELECT to_regclass('sluice_schema') IS NOT NULL")
                            .execute())
                .compose(
                    there ->
                        there.iterator().next().getBoolean(0)
                            ? version(connection, tables)
                            : connection.query(VERSIONS).execute().map(0))
                .compose(version -> bring(connection, tables, version)));
  }

  private static Future<Integer> version(SqlConnection connection, Tables tables) {
    return connection
        .preparedQuery("SELECT version FROM sluice_schema WHERE part = $1")
        .execute(Tuple.of(tables.name()))
        .map(rows -> rows.size() == 0 ? 0 : rows.iterator().next().getInteger(0));
  }

  private static Future<Void> bring(SqlConnection connection, Tables tables, int from) {
    int to = tables.versions().size();
    if (from > to) {
      return Future.failedFuture(
          new IllegalStateException(
              "the tables of "
                  + tables.name()
                  + " are of version "
                  + from
                  + ", and this gateway knows version "
                  + to));
    }
    if (from == to) {
      return Future.succeededFuture();
    }
    Future<?> done = Future.succeededFuture();
    for (List<String> version : tables.versions().subList(from, to)) {
      for (String statement : version) {
        done = done.compose(before -> connection.query(statement).execute());
      }
    }
    return done.compose(
            made ->
                connection
                    .preparedQuery(
                        "INSERT INTO sluice_schema (part, version) VALUES ($1, $2)"
                            + " ON CONFLICT (part) DO UPDATE SET version = excluded.version")
                    .execute(Tuple.of(tables.name(), to)))
        .map((RowSet<?> written) -> null);
  }
}
