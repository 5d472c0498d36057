package io.sluice.source.poll.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.connector.Cursor;
import io.sluice.event.Event;
import io.sluice.source.poll.FakeIntake;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What holds of every database. */
interface SqlContract {
  /** Runs statements. */
  void run(String... statements);

  SqlSourceConfig config(String query, String column, String initial);

  SqlRig rig(SqlSourceConfig config);

  @Test
  default void readsWhatIsBehindTheCursor() {
    run("CREATE TABLE t (id BIGINT PRIMARY KEY, a VARCHAR(20))", "INSERT INTO t VALUES (1, 'x')");
    try (SqlRig rig =
        rig(config("SELECT id, a FROM t WHERE id > {cursor} ORDER BY id", "id", "0"))) {
      assertThat(rig.poll()).containsExactly("{\"id\":1,\"a\":\"x\"}");
      assertThat(rig.poll()).isEmpty();
      run("INSERT INTO t VALUES (3, NULL)", "INSERT INTO t VALUES (2, '\"')");
      assertThat(rig.poll()).containsExactly("{\"id\":2,\"a\":\"\\\"\"}", "{\"id\":3,\"a\":null}");
      assertThat(rig.intake.batches()).allMatch(batch -> batch.lines());
      assertThat(rig.intake.each()).extracting(Event::contentType).containsOnly("application/json");
      assertThat(rig.context.open()).isZero();
    }
  }

  @Test
  default void rowsThatShareTheCursorsValueComeOnce() {
    run("CREATE TABLE t (id BIGINT, v INT)", "INSERT INTO t VALUES (1, 7), (2, 7), (3, 8)");
    try (SqlRig rig = rig(config("SELECT id, v FROM t WHERE v >= {cursor} ORDER BY v", "v", "0"))) {
      assertThat(rig.poll()).hasSize(3);
      run("INSERT INTO t VALUES (4, 8), (5, 9), (3, 8)");
      assertThat(rig.poll())
          .containsExactlyInAnyOrder(
              "{\"id\":4,\"v\":8}", "{\"id\":3,\"v\":8}", "{\"id\":5,\"v\":9}");
      assertThat(rig.poll()).isEmpty();
    }
  }

  @Test
  default void pagesGoOnBehindTheId() {
    run("CREATE TABLE t (id BIGINT PRIMARY KEY, v INT)");
    for (int i = 0; i < 50; i++) {
      run("INSERT INTO t VALUES (" + i + ", " + i / 20 + ")");
    }
    SqlSourceConfig config =
        SqlRig.withId(
            config("SELECT {cursor}", "v", "-1"),
            "SELECT id, v FROM t WHERE (v, id) > ({cursor}, {id}) OR v > {cursor}"
                + " ORDER BY v, id LIMIT {limit}",
            "id",
            7);
    try (SqlRig rig = rig(config)) {
      assertThat(rig.poll())
          .containsExactlyElementsOf(
              IntStream.range(0, 50)
                  .mapToObj(i -> "{\"id\":" + i + ",\"v\":" + i / 20 + "}")
                  .toList());
      assertThat(rig.intake.each().get(12).key()).isEqualTo(Optional.of("12"));
    }
  }

  @Test
  default void pageOfNothingButKnownRowsIsStuck() {
    run("CREATE TABLE t (id BIGINT, v INT)");
    for (int i = 0; i < 5; i++) {
      run("INSERT INTO t VALUES (" + i + ", 1)");
    }
    SqlSourceConfig config =
        SqlRig.withId(
            config("SELECT {cursor}", "v", "0"),
            "SELECT id, v FROM t WHERE v >= {cursor} ORDER BY v, id LIMIT {limit}",
            "id",
            3);
    try (SqlRig rig = rig(config)) {
      assertThat(rig.polling().poll(rig.intake).more()).isTrue();
      assertThat(rig.failure().reason()).isEqualTo("cursor-stuck");
      assertThat(rig.failure().isLasting()).isTrue();
    }
  }

  @Test
  default void wrongColumnsHaveReasonsOfTheirOwn() {
    run("CREATE TABLE t (id BIGINT, v INT, w VARCHAR(10))", "INSERT INTO t VALUES (1, 1, 'a')");
    run("INSERT INTO t VALUES (2, NULL, 'b')");
    assertThat(reason("SELECT id FROM t WHERE id > {cursor}", "v")).isEqualTo("cursor-missing");
    assertThat(reason("SELECT id, v FROM t WHERE id > {cursor} ORDER BY id", "v"))
        .isEqualTo("cursor-null");
    assertThat(reason("SELECT id FROM t WHERE id > {cursor} ORDER BY id DESC", "id"))
        .isEqualTo("cursor-backwards");
    assertThat(reason("SELECT id FROM nowhere WHERE id > {cursor}", "id")).isEqualTo("query");
    assertThat(reason("SELEKT {cursor}", "id")).isEqualTo("query");
    assertThat(reason("SELECT id, v AS id FROM t WHERE id > {cursor}", "id")).isEqualTo("query");
  }

  private String reason(String query, String column) {
    try (SqlRig rig = rig(config(query, column, "0"))) {
      return rig.failure().reason();
    }
  }

  @Test
  default void rowsInFrontOfABadOneAreKept() {
    run("CREATE TABLE t (id BIGINT, v INT)", "INSERT INTO t VALUES (1, 1), (2, 2), (3, NULL)");
    try (SqlRig rig =
        rig(config("SELECT id, v FROM t WHERE id > {cursor} ORDER BY id", "v", "0"))) {
      assertThat(rig.failure().reason()).isEqualTo("cursor-null");
      assertThat(rig.intake.events()).hasSize(2);
      assertThat(rig.intake.cursor().part("value")).contains("2");
    }
  }

  @Test
  default void queryThatLooksBackBringsRowsAgainAndTheCursorStays() {
    run("CREATE TABLE t (id BIGINT)", "INSERT INTO t VALUES (1), (2), (5)");
    try (SqlRig rig =
        rig(config("SELECT id FROM t WHERE id > {cursor} - 3 ORDER BY id", "id", "0"))) {
      assertThat(rig.poll()).hasSize(3);
      run("INSERT INTO t VALUES (4)");
      assertThat(rig.poll()).containsExactly("{\"id\":4}");
      assertThat(rig.intake.cursor().part("value")).contains("5");
    }
  }

  @Test
  default void nothingIsWritten() {
    run("CREATE TABLE t (id BIGINT)");
    assertThat(reason("DELETE FROM t WHERE id > {cursor}", "id")).isEqualTo("query");
  }

  @Test
  default void rowsComeOnceWhilePollsBreakOffAndOthersInsert() throws InterruptedException {
    run("CREATE TABLE t (id BIGINT PRIMARY KEY, v BIGINT)", "CREATE INDEX t_v ON t (v, id)");
    AtomicBoolean over = new AtomicBoolean();
    int many = 600;
    Thread inserting =
        new Thread(
            () -> {
              for (int i = 0; i < many; i += 3) {
                int v = i / 30;
                run(
                    String.format(
                        "INSERT INTO t VALUES (%d, %d), (%d, %d), (%d, %d)",
                        i, v, i + 1, v, i + 2, v));
              }
              over.set(true);
            });
    inserting.start();
    List<String> read = new ArrayList<>();
    Cursor cursor = Cursor.START;
    Random random = new Random(7);
    SqlSourceConfig config =
        SqlRig.withId(
            config("SELECT {cursor}", "v", "-1"),
            "SELECT id, v FROM t WHERE v >= {cursor} ORDER BY v, id",
            "id",
            1);
    boolean last = false;
    try (SqlRig rig = rig(config)) {
      while (!last) {
        last = over.get();
        FakeIntake into = new FakeIntake(cursor, 100 + random.nextInt(400), 1_000);
        Future<?> poll;
        if (!last && random.nextBoolean()) {
          poll = rig.polling().polling(into.full());
          Awaitility.await()
              .pollInterval(Duration.ofMillis(1))
              .until(() -> into.waiting() || poll.isComplete());
          into.failing(new IllegalStateException("no room"));
        } else {
          poll = rig.polling().polling(into);
        }
        Awaitility.await().pollInterval(Duration.ofMillis(1)).until(poll::isComplete);
        read.addAll(into.events());
        cursor = into.cursor();
      }
    }
    inserting.join();
    assertThat(new HashSet<>(read)).hasSize(many);
    assertThat(read).hasSize(many);
  }
}
