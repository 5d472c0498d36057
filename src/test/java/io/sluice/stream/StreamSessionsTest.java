package io.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.config.ByteSize;
import io.sluice.event.Ack;
import io.sluice.event.Batch;
import io.sluice.event.Outcome;
import io.sluice.event.Receipt;
import io.sluice.event.Refusal;
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
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.event.Level;

/** Clients' sessions through an inlet, a stream and a sink. */
@ExtendWith(SluiceExtension.class)
class StreamSessionsTest {
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
  }

  @AfterEach
  void undeploy() {
    Loop.wait(stream.stop());
    Loop.undeployAll(vertx);
  }

  private void start(Buffer buffer) {
    StreamSettings settings =
        new StreamSettings(
            buffer,
            Optional.of(ByteSize.parse("64MiB")),
            WhenFull.BLOCK,
            Optional.empty(),
            Sync.ALWAYS,
            ByteSize.parse("64MiB"),
            Optional.empty(),
            Optional.empty());
    sink = sink == null ? new FakeSink(vertx, "sink", 4 << 20).open() : sink;
    stream =
        new Stream(
            vertx,
            "events",
            settings,
            List.of("sink"),
            Journal::open,
            directory.resolve("events"),
            Optional.empty(),
            new SimpleMeterRegistry(),
            Clock.systemUTC(),
            failure -> {});
    Loop.wait(stream.start());
    inlet = source.call(() -> new Inlets(vertx).open("events"));
  }

  private static String event(long number) {
    return "{\"n\":" + number + "}";
  }

  private static Batch batch(String session, long from, long to) {
    String[] events =
        IntStream.rangeClosed((int) from, (int) to)
            .mapToObj(StreamSessionsTest::event)
            .toArray(String[]::new);
    return Deliveries.lines(events).numbered(new Sequence(session, from, to));
  }

  private Future<Receipt> send(Batch batch, Ack ack) {
    return inlet
        .reserve(batch.weight(), Duration.ofSeconds(20))
        .compose(room -> room.put(batch, ack));
  }

  private Receipt put(Batch batch, Ack ack) {
    return source.await(() -> send(batch, ack));
  }

  private long through(String session) {
    return source.await(() -> inlet.through(session));
  }

  private void arrived(int events) {
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(sink.events())
                    .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, events)
                            .mapToObj(StreamSessionsTest::event)
                            .toList()));
  }

  private Receipt kept(Ack ack, int events, int duplicates) {
    return new Receipt.Kept(ack, events, duplicates);
  }

  @ParameterizedTest
  @EnumSource
  void tellsHowFarASessionIsAndLeavesOutWhatItHas(Buffer buffer) {
    start(buffer);
    Ack promise = buffer == Buffer.DISK ? Ack.STORED : Ack.ACCEPTED;
    assertThat(through("a")).isZero();

    assertThat(put(batch("a", 1, 3), Ack.STORED)).isEqualTo(kept(promise, 3, 0));
    assertThat(put(batch("a", 2, 5), Ack.STORED)).isEqualTo(kept(promise, 2, 2));
    assertThat(put(batch("a", 1, 5), Ack.STORED)).isEqualTo(kept(promise, 0, 5));

    assertThat(through("a")).isEqualTo(5);
    assertThat(through("b")).isZero();
    arrived(5);
  }

  @Test
  void dividesDuplicatesExactlyAmongBatchesOfOneTurn() {
    start(Buffer.DISK);
    put(batch("a", 1, 3), Ack.STORED);

    List<Receipt> receipts =
        source.await(
            () ->
                Future.all(
                        send(batch("a", 1, 2), Ack.STORED),
                        send(batch("a", 3, 4), Ack.STORED),
                        send(batch("a", 5, 5), Ack.STORED))
                    .map(all -> all.<Receipt>list()));

    assertThat(receipts)
        .containsExactly(kept(Ack.STORED, 0, 2), kept(Ack.STORED, 1, 1), kept(Ack.STORED, 1, 0));
    arrived(5);
  }

  @Test
  void aRepeatOfWhatIsOnItsWayWaitsForIt() {
    start(Buffer.DISK);

    List<Receipt> receipts =
        source.await(
            () ->
                Future.all(
                        send(batch("a", 1, 4), Ack.STORED),
                        send(batch("a", 1, 4), Ack.STORED),
                        send(batch("a", 3, 6), Ack.STORED))
                    .map(all -> all.<Receipt>list()));

    assertThat(receipts)
        .containsExactly(kept(Ack.STORED, 4, 0), kept(Ack.STORED, 0, 4), kept(Ack.STORED, 2, 2));
    arrived(6);
  }

  @Test
  void refusesWhatComesAfterAGap() {
    start(Buffer.DISK);
    put(batch("a", 1, 3), Ack.STORED);

    Receipt refused = put(batch("a", 5, 6), Ack.STORED);

    assertThat(refused)
        .isInstanceOfSatisfying(
            Receipt.Refused.class,
            why -> {
              assertThat(why.why()).isEqualTo(Refusal.OUT_OF_SEQUENCE);
              assertThat(why.detail()).isEqualTo("the session goes on with event 4, not 5");
            });
    assertThat(put(batch("unknown", 2, 2), Ack.STORED)).isInstanceOf(Receipt.Refused.class);
    assertThat(through("a")).isEqualTo(3);
    assertThat(through("unknown")).isZero();
  }

  @Test
  void numbersThatTheSourceGaveUpCountAsThere() {
    start(Buffer.DISK);
    put(batch("a", 1, 3), Ack.STORED);
    Batch six = Deliveries.lines(event(4)).numbered(new Sequence("a", 4, 6));

    assertThat(put(six, Ack.STORED)).isEqualTo(kept(Ack.STORED, 1, 0));
    assertThat(through("a")).isEqualTo(6);
    assertThat(put(six, Ack.STORED)).isEqualTo(kept(Ack.STORED, 0, 1));
    arrived(4);
  }

  @Test
  void aRepeatIsDeliveredWhenTheFirstIs() {
    start(Buffer.DISK);
    sink.hold();
    put(batch("a", 1, 3), Ack.STORED);

    Future<Receipt> repeat = source.later(() -> send(batch("a", 1, 3), Ack.DELIVERED));
    Awaitility.await().until(() -> sink.held() == 1);
    assertThat(repeat.isComplete()).isFalse();
    sink.goOn(Outcome.stored());

    assertThat(Loop.wait(repeat)).isEqualTo(kept(Ack.DELIVERED, 0, 3));
    assertThat(put(batch("a", 2, 3), Ack.DELIVERED)).isEqualTo(kept(Ack.DELIVERED, 0, 2));
    arrived(3);
  }

  private void restart(Buffer buffer) {
    source.await(inlet::close);
    Loop.wait(stream.stop());
    start(buffer);
  }

  @Test
  void aDiskRemembersSessionsThroughARestart() {
    start(Buffer.DISK);
    put(batch("a", 1, 3), Ack.STORED);
    put(batch("b", 1, 1), Ack.STORED);
    restart(Buffer.DISK);

    assertThat(through("a")).isEqualTo(3);
    assertThat(put(batch("a", 1, 4), Ack.STORED)).isEqualTo(kept(Ack.STORED, 1, 3));
    restart(Buffer.DISK);
    assertThat(through("a")).isEqualTo(4);
    assertThat(through("b")).isEqualTo(1);
  }

  /** Has the stream go by its events alone at the next start, one of which cannot be read. */
  private void damage(String event) throws IOException {
    Path journal = directory.resolve("events");
    Files.writeString(journal.resolve("memory"), "nothing of use");
    Path segment = journal.resolve("00000000000000000000.seg");
    byte[] bytes = Files.readAllBytes(segment);
    bytes[new String(bytes, StandardCharsets.ISO_8859_1).indexOf(event)] ^= 1;
    Files.write(segment, bytes);
  }

  @Test
  @MaxLog(Level.ERROR)
  void newEventsAreNeverTakenForThoseBehindDamage() throws IOException {
    start(Buffer.DISK);
    for (int number = 1; number <= 9; number++) {
      put(batch("a", number, number), Ack.STORED);
      put(batch("b", number, number), Ack.STORED);
    }
    source.await(inlet::close);
    Loop.wait(stream.stop());
    damage(event(4));
    start(Buffer.DISK);

    // One of the two sessions lost its fourth event; whatever it sends from there on is new.
    assertThat(List.of(through("a"), through("b"))).containsExactlyInAnyOrder(3L, 9L);
    String torn = through("a") == 3 ? "a" : "b";
    assertThat(put(batch(torn, 4, 12), Ack.STORED)).isEqualTo(kept(Ack.STORED, 9, 0));
    assertThat(through(torn)).isEqualTo(12);

    source.await(inlet::close);
    Loop.wait(stream.stop());
    Files.writeString(directory.resolve("events/memory"), "nothing of use");
    start(Buffer.DISK);
    assertThat(through(torn)).isEqualTo(12);
    assertThat(put(batch(torn, 10, 13), Ack.STORED)).isEqualTo(kept(Ack.STORED, 1, 3));
  }

  @Test
  void memoryForgetsThemWithTheEvents() {
    start(Buffer.MEMORY);
    put(batch("a", 1, 3), Ack.STORED);
    restart(Buffer.MEMORY);

    assertThat(through("a")).isZero();
  }
}
