package io.sluice.source.poll.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.harness.Effort;
import io.sluice.harness.GatewayProcess;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a PostgreSQL through a gateway in a process of its own into a file. */
class SqlGatewayTest {
  private static final String CONFIG =
      """
      {"admin": {"listen": "127.0.0.1:{{admin}}"},
       "sources": {"orders": {"type": "sql", "url": "postgresql://127.0.0.1:{port}/postgres",
          "user": "postgres", "every": "100ms", "limit": 500,
          "query": "SELECT id, at FROM orders WHERE at >= {cursor} ORDER BY at, id LIMIT {limit}",
          "cursor": {"column": "at", "initial": "2000-01-01"}, "id": "id", "to": "orders"}},
       "streams": {"orders": {"dedupe": {"by": "/id"}}},
       "sinks": {"out": {"type": "file", "from": "orders", "path": "out.ndjson"}}}
      """;

  @TempDir Path directory;

  @Test
  void rowsArriveOnceThroughAKill() throws Exception {
    rowsArriveOnce(1);
  }

  @Test
  @Tag("slow")
  void rowsArriveOnceThroughManyKills() throws Exception {
    rowsArriveOnce(Effort.of(20, 3));
  }

  private void rowsArriveOnce(int kills) throws Exception {
    try (EmbeddedPostgres server =
            EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
        Connection database = server.getPostgresDatabase().getConnection();
        Statement statement = database.createStatement();
        GatewayProcess gateway =
            GatewayProcess.in(
                directory, CONFIG.replace("{port}", Integer.toString(server.getPort())))) {
      statement.execute("CREATE TABLE orders (id int PRIMARY KEY, at timestamptz)");
      gateway.start();
      int rows = 0;
      for (int i = 0; i < kills; i++) {
        statement.execute(
            String.format(
                "INSERT INTO orders SELECT i, clock_timestamp() FROM generate_series(%d, %d) i",
                rows, rows + 999));
        rows += 1_000;
        int some = rows - 700;
        await(() -> out().size() >= some);
        gateway.kill();
        gateway.start();
      }
      int all = rows;
      await(() -> new HashSet<>(out()).size() >= all);
      assertThat(gateway.stop()).isZero();
      assertThat(out().stream().map(line -> line.replaceAll(",.*", "")))
          .containsExactlyElementsOf(
              IntStream.range(0, rows).mapToObj(i -> "{\"id\":" + i).toList());
    }
  }

  private static void await(java.util.concurrent.Callable<Boolean> what) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(50))
        .until(what);
  }

  private List<String> out() {
    Path out = directory.resolve("out.ndjson");
    try {
      return Files.exists(out) ? Files.readAllLines(out) : List.of();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
