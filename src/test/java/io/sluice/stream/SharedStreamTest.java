package io.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.config.ByteSize;
import io.sluice.connector.Inlet;
import io.sluice.event.Ack;
import io.sluice.event.Batch;
import io.sluice.event.Columns;
import io.sluice.event.Origin;
import io.sluice.event.Receipt;
import io.sluice.event.Refusal;
import io.sluice.event.Sequence;
import io.sluice.flow.Flow;
import io.sluice.flow.Inlets;
import io.sluice.harness.Loop;
import io.sluice.journal.Journal;
import io.sluice.replica.DatabaseConfig;
import io.sluice.replica.SharedDatabase;
import io.sluice.stream.StreamSettings.Buffer;
import io.sluice.stream.StreamSettings.Sessions;
import io.sluice.stream.StreamSettings.WhenFull;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Streams with journals on real files that share a real database. */
class SharedStreamTest {
  private static EmbeddedPostgres server;
  private final Vertx vertx = Vertx.vertx();
  private final List<Life> lives = new ArrayList<>();
  private SharedDatabase database;
  private Loop source;
  @TempDir Path directory;

  @BeforeAll
  static void start() throws IOException {
    server = EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @BeforeEach
  void open() {
    Flow.install(vertx);
    source = Loop.of(vertx);
    database =
        new SharedDatabase(
            vertx,
            new DatabaseConfig(
                "postgresql://127.0.0.1:" + server.getPort() + "/postgres",
                "postgres",
                Optional.empty(),
                Optional.empty(),
                4,
                Duration.ofSeconds(5),
                Duration.ofSeconds(5)),
            new SimpleMeterRegistry());
  }

  @AfterEach
  void close() {
    lives.forEach(Life::stop);
    Loop.undeployAll(vertx);
    Loop.wait(database.close());
    Loop.wait(vertx.close());
  }

  /** A replica's stream; to the database all of them have the same name. */
  private final class Life {
    final String name = "life" + UUID.randomUUID();
    final Path files;
    final FakeSink sink;
    final Inlet inlet;
    final String id;

    Life(String files) {
      this(directory.resolve(files), settings(Buffer.DISK, true), way -> way);
    }

    Life(Path files, StreamSettings settings, UnaryOperator<Arbiter> way) {
      this.files = files;
      String taker = files.getFileName().toString();
      this.sink = new FakeSink(vertx, taker, 1 << 20).open();
      StreamTelemetry telemetry = new StreamTelemetry(new SimpleMeterRegistry(), name, true);
      id =
          Loop.wait(
              vertx.deployVerticle(
                  new StreamVerticle(
                      name,
                      settings,
                      List.of(taker),
                      () -> log(files, settings, way, telemetry),
                      Clock.systemUTC(),
                      telemetry)));
      inlet = source.call(() -> new Inlets(vertx).open(name));
      lives.add(this);
    }

    private Log log(
        Path at, StreamSettings settings, UnaryOperator<Arbiter> way, StreamTelemetry telemetry) {
      Sharing sharing = Sharing.of(settings);
      boolean disk = settings.buffer() == Buffer.DISK;
      Log own =
          disk
              ? new DiskLog(
                  vertx,
                  Journal::open,
                  at,
                  settings,
                  Clock.systemUTC(),
                  new JournalTelemetry(new SimpleMeterRegistry(), name),
                  !sharing.any(),
                  failure -> {})
              : new MemoryLog();
      Arbiter arbiter =
          new PostgresArbiter(database, directory.toString(), sharing, Clock.systemUTC());
      return sharing.any()
          ? new SharedLog(vertx, own, disk, sharing, way.apply(arbiter), telemetry)
          : own;
    }

    Receipt put(String... ids) {
      return Loop.wait(later(batch(ids)));
    }

    Future<Receipt> later(Batch batch) {
      return source.later(
          () ->
              inlet
                  .reserve(batch.weight(), Duration.ofSeconds(2))
                  .compose(room -> room.put(batch, Ack.STORED)));
    }

    void stopAfter(int events) {
      Awaitility.await().until(() -> sink.events().size() >= events);
      stop();
    }

    void stop() {
      if (vertx.deploymentIDs().contains(id)) {
        Loop.wait(vertx.undeploy(id));
        sink.vanish();
      }
    }
  }

  private static StreamSettings settings(Buffer buffer, boolean shared) {
    return new StreamSettings(
        buffer,
        Optional.of(ByteSize.parse("64MiB")),
        WhenFull.BLOCK,
        Optional.empty(),
        Sync.ALWAYS,
        ByteSize.parse("1MiB"),
        Optional.of(new Dedupe(By.parse("/id"), Duration.ofHours(1), 100_000, shared)),
        Optional.of(shared ? Sessions.SHARED : Sessions.LOCAL));
  }

  private static Batch batch(String... ids) {
    byte[] lines =
        java.util.stream.Stream.of(ids)
            .map(id -> "{\"id\":\"" + id + "\"}\n")
            .collect(Collectors.joining())
            .getBytes(StandardCharsets.UTF_8);
    int[] bounds = new int[2 * ids.length];
    int at = 0;
    for (int i = 0; i < ids.length; i++) {
      int length = ids[i].length() + 9;
      bounds[2 * i] = at;
      bounds[2 * i + 1] = at + length;
      at += length + 1;
    }
    Origin origin = new Origin("app", Origin.ANONYMOUS, "application/json", Instant.now());
    return Batch.of(lines, bounds, true, origin, Columns.NONE);
  }

  private Path copy(Path files) throws IOException {
    Path copy = directory.resolve("copy" + lives.size());
    Files.createDirectories(copy);
    try (var all = Files.list(files)) {
      for (Path each : all.toList()) {
        Files.copy(each, copy.resolve(each.getFileName()));
      }
    }
    return copy;
  }

  @Test
  void whatAnotherReplicaHasIsNotDeliveredAfterACrash() throws IOException {
    Life one = new Life("one");
    Life two = new Life("two");
    assertThat(one.put("a", "b")).isEqualTo(new Receipt.Kept(Ack.STORED, 2, 0));
    assertThat(two.put("b", "c", "a")).isEqualTo(new Receipt.Kept(Ack.STORED, 1, 2));
    Awaitility.await().until(() -> two.sink.events().size() == 1);
    two.sink.hold();
    assertThat(one.put("e")).isEqualTo(new Receipt.Kept(Ack.STORED, 1, 0));
    assertThat(two.put("d", "e")).isEqualTo(new Receipt.Kept(Ack.STORED, 1, 1));

    Life again = new Life(copy(two.files).toString());

    assertThat(again.put("f")).isEqualTo(new Receipt.Kept(Ack.STORED, 1, 0));
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(String.join("", again.sink.events()))
                    .endsWith("{\"id\":\"d\"}{\"id\":\"f\"}")
                    .doesNotContain("\"a\"", "\"b\"", "\"e\""));
  }

  /** The way to the database, on which somebody stands. */
  private static final class Way implements Arbiter {
    final Arbiter inner;
    volatile boolean deaf;
    volatile boolean away;
    volatile boolean forgetful;

    Way(Arbiter inner) {
      this.inner = inner;
    }

    @Override
    public Future<Standing> take(
        UUID log, UUID owner, int epoch, long from, long known, long next, boolean lasting) {
      return away
          ? Future.failedFuture("away")
          : inner.take(log, owner, epoch, from, known, next, lasting);
    }

    @Override
    public Future<Verdict> decide(UUID log, long term, Claim claim) {
      if (away) {
        return Future.failedFuture("away");
      }
      if (forgetful) {
        forgetful = false;
        return Future.succeededFuture(new Verdict.Unknown());
      }
      boolean lost = deaf;
      deaf = false;
      Future<Verdict> verdict = inner.decide(log, term, claim);
      return lost ? verdict.compose(made -> Future.failedFuture("lost")) : verdict;
    }

    @Override
    public Future<Long> through(String session) {
      return away ? Future.failedFuture("away") : inner.through(session);
    }

    @Override
    public Future<Boolean> tidy() {
      return inner.tidy();
    }
  }

  private Life on(String files, StreamSettings settings, AtomicReference<Way> way) {
    return new Life(
        directory.resolve(files),
        settings,
        arbiter -> {
          way.set(new Way(arbiter));
          return way.get();
        });
  }

  @ParameterizedTest
  @EnumSource
  void anAnswerThatGotLostIsGivenAgain(Buffer buffer) {
    AtomicReference<Way> way = new AtomicReference<>();
    Life one = new Life("one");
    Life two = on("two", settings(buffer, true), way);
    one.put("a");
    way.get().deaf = true;

    Ack promise = buffer == Buffer.DISK ? Ack.STORED : Ack.ACCEPTED;
    assertThat(two.put("b", "a")).isEqualTo(new Receipt.Kept(promise, 1, 1));

    assertThat(two.put("c")).isEqualTo(new Receipt.Kept(promise, 1, 0));
    Awaitility.await().until(() -> two.sink.events().size() == 2);
    assertThat(two.sink.events()).containsExactly("{\"id\":\"b\"}", "{\"id\":\"c\"}");
  }

  @Test
  void aLogThatIsForgottenWhileItIsReadBackIsReadOnce() throws IOException {
    AtomicReference<Way> way = new AtomicReference<>();
    Life one = on("one", settings(Buffer.DISK, true), way);
    one.put("a");
    way.get().away = true;
    one.later(batch("b", "c"));
    one.later(batch("d"));
    Awaitility.await().until(() -> Files.exists(one.files));
    Awaitility.await().until(() -> Loop.wait(one.later(batch("x"))) instanceof Receipt.Refused);

    Path files = copy(one.files);
    Life again =
        new Life(
            files,
            settings(Buffer.DISK, true),
            arbiter -> {
              way.set(new Way(arbiter));
              way.get().forgetful = true;
              return way.get();
            });

    assertThat(again.put("d", "e")).isEqualTo(new Receipt.Kept(Ack.STORED, 1, 1));
    Awaitility.await().until(() -> again.sink.events().size() >= 5);
    assertThat(String.join("", again.sink.events()))
        .isEqualTo("{\"id\":\"a\"}{\"id\":\"b\"}{\"id\":\"c\"}{\"id\":\"d\"}{\"id\":\"e\"}");
  }

  @Test
  void nothingIsAcknowledgedWhileTheDatabaseIsAwayAndItsCreditComesHome() {
    AtomicReference<Way> way = new AtomicReference<>();
    Life one = on("one", settings(Buffer.DISK, true), way);
    one.put("a");
    long room = source.call(one.inlet::free);
    way.get().away = true;
    Future<Receipt> waits = one.later(batch("b"));
    Awaitility.await()
        .until(
            () ->
                Loop.wait(one.later(batch("c"))) instanceof Receipt.Refused refused
                    && refused.why() == Refusal.REPLICA_STORE);
    assertThat(waits.isComplete()).isFalse();
    assertThat(one.sink.events()).hasSize(1);

    way.get().away = false;

    assertThat(Loop.wait(waits)).isEqualTo(new Receipt.Kept(Ack.STORED, 1, 0));
    Awaitility.await().until(() -> source.call(one.inlet::free) == room);
    Awaitility.await().until(() -> one.put("c").equals(new Receipt.Kept(Ack.STORED, 1, 0)));
  }

  @Test
  void whoeverSharesFromNowOnKeepsWhatItHas() {
    StreamSettings alone = settings(Buffer.DISK, false);
    Life one = new Life(directory.resolve("one"), alone, way -> way);
    Life two = new Life(directory.resolve("two"), alone, way -> way);
    one.put("a", "b");
    two.put("a", "c");
    one.stopAfter(2);
    two.stopAfter(2);

    Life oneMore = new Life("one");
    Life twoMore = new Life("two");

    assertThat(oneMore.put("b", "d")).isEqualTo(new Receipt.Kept(Ack.STORED, 1, 1));
    assertThat(twoMore.put("d", "c", "e")).isEqualTo(new Receipt.Kept(Ack.STORED, 1, 2));
    oneMore.stopAfter(1);
    twoMore.stopAfter(1);
    Life twoAlone = new Life(directory.resolve("two"), alone, way -> way);
    assertThat(twoAlone.put("e", "d", "f")).isEqualTo(new Receipt.Kept(Ack.STORED, 1, 2));
    twoAlone.stopAfter(1);
    assertThat(twoAlone.sink.events()).containsExactly("{\"id\":\"f\"}");
    assertThat(twoMore.sink.events()).containsExactly("{\"id\":\"e\"}");
    assertThat(oneMore.sink.events()).containsExactly("{\"id\":\"d\"}");
  }

  @Test
  void withoutTheDatabaseOnlyWhatHasToBeAskedForWaits() throws IOException {
    StreamSettings sessions =
        new StreamSettings(
            Buffer.DISK,
            Optional.of(ByteSize.parse("64MiB")),
            WhenFull.BLOCK,
            Optional.empty(),
            Sync.ALWAYS,
            ByteSize.parse("1MiB"),
            Optional.empty(),
            Optional.empty());
    AtomicReference<Way> way = new AtomicReference<>();
    Life one = on("one", sessions, way);
    assertThat(one.put("a")).isEqualTo(new Receipt.Kept(Ack.STORED, 1, 0));

    Life again =
        new Life(
            copy(one.files),
            sessions,
            arbiter -> {
              way.set(new Way(arbiter));
              way.get().away = true;
              return way.get();
            });

    assertThat(again.put("b")).isEqualTo(new Receipt.Kept(Ack.STORED, 1, 0));
    Batch numbered = batch("c").numbered(new Sequence("owner.s", 1, 1));
    assertThat(Loop.wait(again.later(numbered)))
        .isInstanceOfSatisfying(
            Receipt.Refused.class,
            refused -> assertThat(refused.why()).isEqualTo(Refusal.REPLICA_STORE));
    assertThat(again.put("d")).isEqualTo(new Receipt.Kept(Ack.STORED, 1, 0));
    way.get().away = false;
    Awaitility.await()
        .until(() -> Loop.wait(again.later(numbered)).equals(new Receipt.Kept(Ack.STORED, 1, 0)));
    Awaitility.await().until(() -> again.sink.events().size() == 4);
  }
}
