package io.sluice.source.poll.sql;

import io.sluice.net.DatabaseLogin;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.mysqlclient.MySQLBuilder;
import io.vertx.pgclient.PgBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.time.Duration;
import java.util.List;

/** How one kind of database is spoken to. */
enum Dialect {
  POSTGRESQL(5432) {
    @Override
    Pool pool(SqlSourceConfig config, Address at, PoolOptions size, Vertx vertx) {
      return PgBuilder.pool()
          .with(size)
          .with(net(config))
          .connectingTo(login(config, at).postgresql())
          .using(vertx)
          .build();
    }

    /** As text that the database itself reads: so a place may stand in any expression. */
    @Override
    String parameter(int number, KeyType type) {
      return "CAST($" + number + "::text AS " + name(type) + ")";
    }

    @Override
    String nothing(KeyType type) {
      return "CAST(NULL AS " + name(type) + ")";
    }

    private static String name(KeyType type) {
      return switch (type) {
        case INTEGER -> "bigint";
        case DECIMAL -> "numeric";
        case DOUBLE -> "double precision";
        case TEXT -> "text";
        case UUID -> "uuid";
        case DATE -> "date";
        case TIMESTAMP -> "timestamp";
        case TIMESTAMPTZ -> "timestamptz";
      };
    }

    @Override
    List<String> begin(Duration timeout, boolean mariaDb) {
      return List.of("BEGIN READ ONLY", "SET LOCAL statement_timeout = " + timeout.toMillis());
    }
  },
  MYSQL(3306) {
    @Override
    Pool pool(SqlSourceConfig config, Address at, PoolOptions size, Vertx vertx) {
      return MySQLBuilder.pool()
          .with(size)
          .with(net(config))
          .connectingTo(login(config, at).mySql())
          .using(vertx)
          .build();
    }

    @Override
    String parameter(int number, KeyType type) {
      return switch (type) {
        case INTEGER -> "CAST(? AS SIGNED)";
        case DECIMAL -> "CAST(? AS DECIMAL(65,30))";
        case DOUBLE -> "(? + 0e0)";
        case TEXT, UUID -> "?";
        case DATE -> "CAST(? AS DATE)";
        case TIMESTAMP, TIMESTAMPTZ -> "CAST(? AS DATETIME(6))";
      };
    }

    @Override
    String nothing(KeyType type) {
      return "NULL";
    }

    /** Moments are in UTC, which knows no hour that comes twice. */
    @Override
    List<String> begin(Duration timeout, boolean mariaDb) {
      String limit =
          mariaDb
              ? "max_statement_time = " + timeout.toMillis() / 1e3
              : "max_execution_time = " + timeout.toMillis();
      return List.of("SET time_zone = '+00:00', " + limit, "START TRANSACTION READ ONLY");
    }
  };

  private final int port;

  Dialect(int port) {
    this.port = port;
  }

  /** Where such databases are when nobody says otherwise. */
  int port() {
    return port;
  }

  /** A pool of connections, none of which is opened yet. */
  abstract Pool pool(SqlSourceConfig config, Address at, PoolOptions size, Vertx vertx);

  /** What stands for a value whose text is given. */
  abstract String parameter(int number, KeyType type);

  /** NULL, as a value of a type. */
  abstract String nothing(KeyType type);

  /** What is said before a query; only reading is allowed from then on. */
  abstract List<String> begin(Duration timeout, boolean mariaDb);

  private static DatabaseLogin login(SqlSourceConfig config, Address at) {
    return new DatabaseLogin(
        at.host(), at.port(), at.database(), config.user(), config.password(), config.tls());
  }

  private static NetClientOptions net(SqlSourceConfig config) {
    return new NetClientOptions().setConnectTimeout((int) config.connectTimeout().toMillis());
  }
}
