package io.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.config.ByteSize;
import io.sluice.event.Ack;
import io.sluice.event.Batch;
import io.sluice.event.Columns;
import io.sluice.event.Outcome;
import io.sluice.event.Receipt;
import io.sluice.event.Sequence;
import io.sluice.flow.Flow;
import io.sluice.flow.Inlets;
import io.sluice.flow.StreamInlet;
import io.sluice.harness.Loop;
import io.sluice.harness.MaxLog;
import io.sluice.harness.SluiceExtension;
import io.sluice.journal.Journal;
import io.sluice.sink.Deliveries;
import io.sluice.stream.StreamSettings.Buffer;
import io.sluice.stream.StreamSettings.WhenFull;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.event.Level;

/** Repeated events through inlets, a stream that leaves them out, and a sink. */
@ExtendWith(SluiceExtension.class)
class StreamDedupeTest {
  private SimpleMeterRegistry meters;
  @TempDir private Path directory;
  private Vertx vertx;
  private Loop source;
  private StreamInlet inlet;
  private Stream stream;
  private FakeSink sink;

  @BeforeEach
  void prepare(Vertx given) {
    vertx = given;
    Flow.install(vertx);
    source = Loop.of(vertx);
    sink = new FakeSink(vertx, "sink", 4 << 20).open();
  }

  @AfterEach
  void undeploy() {
    Loop.wait(stream.stop());
    Loop.undeployAll(vertx);
  }

  private void start(Buffer buffer, String by) {
    Dedupe dedupe = new Dedupe(By.parse(by), Duration.ofHours(24), 1000, false);
    StreamSettings settings =
        new StreamSettings(
            buffer,
            Optional.of(ByteSize.parse("64MiB")),
            WhenFull.BLOCK,
            Optional.empty(),
            Sync.ALWAYS,
            ByteSize.parse("64MiB"),
            Optional.of(dedupe),
            Optional.empty());
    meters = new SimpleMeterRegistry();
    stream =
        new Stream(
            vertx,
            "events",
            settings,
            List.of("sink"),
            Journal::open,
            directory.resolve("events"),
            Optional.empty(),
            meters,
            Clock.systemUTC(),
            failure -> {});
    Loop.wait(stream.start());
    inlet = source.call(() -> new Inlets(vertx).open("events"));
  }

  private static String event(String id) {
    return "{\"id\":\"" + id + "\"}";
  }

  private static Batch batch(String... ids) {
    return Deliveries.lines(
        Deliveries.origin("application/json", Instant.now().toString()),
        List.of(),
        Arrays.stream(ids).map(StreamDedupeTest::event).toArray(String[]::new));
  }

  private Future<Receipt> send(Batch batch, Ack ack) {
    return inlet
        .reserve(batch.weight(), Duration.ofSeconds(20))
        .compose(room -> room.put(batch, ack));
  }

  private Receipt put(Batch batch) {
    return source.await(() -> send(batch, Ack.STORED));
  }

  private List<Receipt> together(Batch... batches) {
    return source.await(
        () ->
            Future.all(Arrays.stream(batches).map(batch -> send(batch, Ack.STORED)).toList())
                .map(all -> all.<Receipt>list()));
  }

  private static Receipt stored(int events, int duplicates) {
    return new Receipt.Kept(Ack.STORED, events, duplicates);
  }

  private void arrived(String... ids) {
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(sink.events())
                    .containsExactly(
                        Arrays.stream(ids).map(StreamDedupeTest::event).toArray(String[]::new)));
  }

  @ParameterizedTest
  @EnumSource
  void keepsEachOnceAndCountsTheRestForEachRequest(Buffer buffer) {
    start(buffer, "/id");

    put(batch("a", "b", "a"));
    List<Receipt> receipts = together(batch("b", "c"), batch("c", "d"), batch("e"));

    Ack ack = buffer == Buffer.DISK ? Ack.STORED : Ack.ACCEPTED;
    assertThat(receipts)
        .containsExactly(
            new Receipt.Kept(ack, 1, 1), new Receipt.Kept(ack, 1, 1), new Receipt.Kept(ack, 1, 0));
    arrived("a", "b", "c", "d", "e");
    assertThat(meters.get("sluice.duplicates").counter().count()).isEqualTo(3);
  }

  @Test
  void eventsWithoutTheKeyAreAllKept() {
    start(Buffer.DISK, "/id");
    Batch without = Deliveries.lines("{\"x\":1}", "{\"x\":1}", "no JSON", "{\"id\":null}");

    assertThat(put(without)).isEqualTo(stored(4, 0));
    assertThat(put(without)).isEqualTo(stored(4, 0));
  }

  @Test
  void knowsEventsByTheirIdWhateverTheirPayload() {
    start(Buffer.DISK, "id");
    byte[] region = "123".getBytes(StandardCharsets.UTF_8);
    Columns ids = new Columns(Arrays.asList("x", null, "x"), List.of(), List.of(), List.of());
    Batch batch = Batch.of(region, new int[] {0, 1, 1, 2, 2, 3}, false, Deliveries.JSON, ids);

    assertThat(put(batch)).isEqualTo(stored(2, 1));
    assertThat(put(batch)).isEqualTo(stored(1, 2));
  }

  @Test
  void aDuplicateIsDeliveredWhenTheFirstIs() {
    start(Buffer.DISK, "/id");
    sink.hold();
    put(batch("a"));

    Future<Receipt> repeat = source.later(() -> send(batch("a"), Ack.DELIVERED));
    Awaitility.await().until(() -> sink.held() == 1);
    put(batch("b"));
    assertThat(repeat.isComplete()).isFalse();
    sink.goOn(Outcome.stored());

    assertThat(Loop.wait(repeat)).isEqualTo(new Receipt.Kept(Ack.DELIVERED, 0, 1));
  }

  @Test
  void aDiskRemembersThroughARestart() {
    start(Buffer.DISK, "/id");
    put(batch("a", "b"));
    arrived("a", "b");
    source.await(inlet::close);
    Loop.wait(stream.stop());

    start(Buffer.DISK, "/id");

    assertThat(put(batch("b", "c", "a"))).isEqualTo(stored(1, 2));
    arrived("a", "b", "c");
  }

  @Test
  void aSessionThatRepeatsWhatAnotherClientIsSendingGoesOnWithoutAGap() {
    start(Buffer.DISK, "/id");
    Batch numbered = batch("a", "b", "c").numbered(Sequence.of("s", 1, 3));
    Batch more = batch("d").numbered(Sequence.of("s", 4, 1));

    List<Receipt> receipts = together(batch("b"), numbered, more);

    assertThat(receipts).containsExactly(stored(1, 0), stored(2, 1), stored(1, 0));
    assertThat(source.<Long>await(() -> inlet.through("s"))).isEqualTo(4);
    arrived("b", "a", "c", "d");
  }

  @Test
  @MaxLog(Level.WARN)
  void forgetsTheOldestWhenThereAreTooMany() {
    start(Buffer.DISK, "/id");
    for (int i = 0; i < 1100; i++) {
      put(batch("n" + i));
    }

    assertThat(put(batch("n1099"))).isEqualTo(stored(0, 1));
    assertThat(put(batch("n200"))).isEqualTo(stored(0, 1));
    assertThat(put(batch("n0"))).isEqualTo(stored(1, 0));
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(meters.get("sluice.dedupe.shortened").counter().count()).isEqualTo(101));
  }
}
