package io.sluice.source.poll.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.harness.Loop;
import io.sluice.harness.SluiceExtension;
import io.vertx.core.Vertx;
import io.vertx.mysqlclient.MySQLBuilder;
import io.vertx.mysqlclient.MySQLConnectOptions;
import io.vertx.sqlclient.Pool;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Against a real MariaDB. */
@ExtendWith(SluiceExtension.class)
@EnabledIf("io.sluice.source.poll.sql.MariaDb#available")
class MariaDbTest implements SqlContract {
  @TempDir static Path files;
  private static MariaDb server;
  private final Vertx vertx = Vertx.vertx();
  private Pool pool;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    server = MariaDb.start(files);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void open() {
    pool =
        MySQLBuilder.pool()
            .connectingTo(
                new MySQLConnectOptions()
                    .setHost("127.0.0.1")
                    .setPort(server.port())
                    .setUser("root")
                    .setDatabase("mysql"))
            .using(vertx)
            .build();
    run("DROP DATABASE IF EXISTS test", "CREATE DATABASE test");
  }

  @AfterEach
  void close() {
    Loop.wait(pool.close());
    Loop.wait(vertx.close());
  }

  @Override
  public void run(String... statements) {
    for (String each : statements) {
      Loop.wait(
          pool.withConnection(
              on ->
                  (each.contains("DATABASE")
                          ? io.vertx.core.Future.succeededFuture()
                          : on.query("USE test").execute())
                      .compose(ready -> on.query(each).execute())));
    }
  }

  @Override
  public SqlSourceConfig config(String query, String column, String initial) {
    return SqlRig.config(
        "mariadb://127.0.0.1:" + server.port() + "/test", "root", query, column, initial);
  }

  @Override
  public SqlRig rig(SqlSourceConfig config) {
    return new SqlRig(vertx, config);
  }

  @Test
  void typesBecomeJson() {
    run(
        "CREATE TABLE t (id INT, b BIGINT UNSIGNED, d DECIMAL(30, 10), f DOUBLE, y TINYINT,"
            + " dt DATETIME(6), ts TIMESTAMP(3) NULL, da DATE, ti TIME, bl BLOB, e ENUM('a','b'))",
        "INSERT INTO t VALUES (1, 18446744073709551615, 12345678901234567890.0123456789, 0.5, -3,"
            + " '2024-02-29 23:59:59.123456', '2024-02-29 23:59:59.123', '2024-02-29',"
            + " '12:34:56', x'00ff10', 'b')");
    try (SqlRig rig = rig(config("SELECT * FROM t WHERE id > {cursor} ORDER BY id", "id", "0"))) {
      assertThat(rig.poll())
          .containsExactly(
              "{\"id\":1,\"b\":18446744073709551615,\"d\":12345678901234567890.0123456789,"
                  + "\"f\":0.5,\"y\":-3,\"dt\":\"2024-02-29T23:59:59.123456\","
                  + "\"ts\":\"2024-02-29T23:59:59.123Z\",\"da\":\"2024-02-29\",\"ti\":\"PT12H34M56S\","
                  + "\"bl\":\"AP8Q\",\"e\":\"b\"}");
    }
  }
}
