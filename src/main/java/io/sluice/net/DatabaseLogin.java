package io.sluice.net;

import io.sluice.config.Secret;
import io.vertx.mysqlclient.MySQLConnectOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.SqlConnectOptions;
import java.util.Optional;

/** Where a database is, how it is reached, and who the gateway is there. */
public record DatabaseLogin(
    String host,
    int port,
    String database,
    String user,
    Optional<Secret> password,
    Optional<DatabaseTls> tls) {
  /** For a PostgreSQL, which is told the name of the application too. */
  public PgConnectOptions postgresql() {
    PgConnectOptions options = new PgConnectOptions().addProperty("application_name", "sluice");
    login(options);
    tls.ifPresent(
        secured ->
            options
                .setSslMode(
                    switch (secured.verify()) {
                      case FULL -> io.vertx.pgclient.SslMode.VERIFY_FULL;
                      case CA -> io.vertx.pgclient.SslMode.VERIFY_CA;
                    })
                .setSslOptions(secured.options()));
    return options;
  }

  /** For a MySQL or MariaDB. */
  public MySQLConnectOptions mySql() {
    MySQLConnectOptions options = new MySQLConnectOptions().setCharset("utf8mb4");
    login(options);
    tls.ifPresent(
        secured ->
            options
                .setSslMode(
                    switch (secured.verify()) {
                      case FULL -> io.vertx.mysqlclient.SslMode.VERIFY_IDENTITY;
                      case CA -> io.vertx.mysqlclient.SslMode.VERIFY_CA;
                    })
                .setSslOptions(secured.options()));
    return options;
  }

  private void login(SqlConnectOptions options) {
    options.setHost(host).setPort(port).setDatabase(database).setUser(user);
    password.ifPresent(secret -> options.setPassword(secret.reveal()));
  }
}
