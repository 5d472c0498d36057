package io.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.config.ByteSize;
import io.sluice.connector.NoRoomException;
import io.sluice.event.Ack;
import io.sluice.event.Outcome;
import io.sluice.event.Position;
import io.sluice.event.Receipt;
import io.sluice.event.Refusal;
import io.sluice.flow.Flow;
import io.sluice.flow.StreamInlet;
import io.sluice.harness.Loop;
import io.sluice.harness.MaxLog;
import io.sluice.harness.SluiceExtension;
import io.sluice.sink.Deliveries;
import io.sluice.stream.StreamSettings.Buffer;
import io.sluice.stream.StreamSettings.Retain;
import io.sluice.stream.StreamSettings.WhenFull;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.event.Level;

/** A stream between an inlet and sinks, on the real bus and a real disk. */
@ExtendWith(SluiceExtension.class)
class StreamTest {
  private static final ByteSize MEBI = ByteSize.parse("1MiB");
  private static final long BUDGET = 4 << 20;

  @TempDir private Path directory;
  private final List<IOException> diskFailures = new ArrayList<>();
  private Vertx vertx;
  private Loop source;
  private StreamInlet inlet;
  private Stream stream;

  @BeforeEach
  void prepare(Vertx given) {
    vertx = given;
    Flow.install(vertx);
    source = Loop.of(vertx);
  }

  @AfterEach
  void undeploy() {
    if (stream != null) {
      Loop.wait(stream.stop());
    }
    Loop.undeployAll(vertx);
    assertThat(diskFailures).isEmpty();
  }

  private static StreamSettings settings(Buffer buffer, WhenFull whenFull, ByteSize most) {
    return settings(buffer, whenFull, most, Optional.empty());
  }

  private static StreamSettings settings(
      Buffer buffer, WhenFull whenFull, ByteSize most, Optional<Retain> retain) {
    return new StreamSettings(
        buffer, Optional.of(most), whenFull, retain, Sync.ALWAYS, ByteSize.parse("64MiB"));
  }

  private static StreamSettings roomy(Buffer buffer) {
    return settings(buffer, WhenFull.BLOCK, ByteSize.parse("256MiB"));
  }

  private Stream stream(String name, StreamSettings settings, String... sinks) {
    return new Stream(
        vertx,
        name,
        settings,
        List.of(sinks),
        directory.resolve(name),
        new SimpleMeterRegistry(),
        Clock.systemUTC(),
        diskFailures::add);
  }

  private void start(StreamSettings settings, String... sinks) {
    stream = stream("events", settings, sinks);
    Loop.wait(stream.start());
    inlet = source.call(() -> StreamInlet.open(vertx, "events"));
  }

  private void restart(StreamSettings settings, String... sinks) {
    source.await(inlet::close);
    Loop.wait(stream.stop());
    start(settings, sinks);
  }

  private static String event(int number, int size) {
    String start = "{\"n\":" + number + ",\"x\":\"";
    return start + "x".repeat(Math.max(0, size - start.length() - 2)) + "\"}";
  }

  private static List<String> events(int from, int to, int size) {
    return IntStream.range(from, to).mapToObj(n -> event(n, size)).toList();
  }

  private Future<Receipt> put(StreamInlet into, Ack ack, Duration wait, String... events) {
    var batch = Deliveries.lines(events);
    return source.later(
        () -> into.reserve(batch.weight(), wait).compose(room -> room.put(batch, ack)));
  }

  private Future<Receipt> put(Ack ack, String... events) {
    return put(inlet, ack, Duration.ofSeconds(20), events);
  }

  private Receipt.Refused refused(Future<Receipt> put) {
    try {
      return (Receipt.Refused) Loop.wait(put);
    } catch (NoRoomException none) {
      return none.refused();
    }
  }

  private void fill(int from, int to, int size) {
    for (Future<Receipt> receipt :
        events(from, to, size).stream().map(event -> put(Ack.ACCEPTED, event)).toList()) {
      assertThat(Loop.wait(receipt)).isInstanceOf(Receipt.Kept.class);
    }
  }

  private static ConditionFactory soon() {
    return Awaitility.await().atMost(Duration.ofSeconds(20));
  }

  @Test
  void saysStoredOnceTheBytesAreInTheJournal() throws IOException {
    start(roomy(Buffer.DISK), "archive");

    Receipt receipt = Loop.wait(put(Ack.STORED, "{\"n\":\"needle\"}"));

    assertThat(receipt).isEqualTo(new Receipt.Kept(Ack.STORED, 1, 0));
    try (var files = Files.walk(directory)) {
      assertThat(files.filter(Files::isRegularFile).map(StreamTest::content))
          .anyMatch(content -> content.contains("{\"n\":\"needle\"}"));
    }
  }

  private static String content(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @EnumSource(Buffer.class)
  void saysAcceptedWhenThatIsAsked(Buffer buffer) {
    start(roomy(buffer), "archive");

    assertThat(Loop.wait(put(Ack.ACCEPTED, "{\"n\":1}")))
        .isEqualTo(new Receipt.Kept(Ack.ACCEPTED, 1, 0));
  }

  @Test
  void saysNoMoreThanAcceptedInMemory() {
    start(roomy(Buffer.MEMORY), "archive");

    assertThat(Loop.wait(put(Ack.STORED, "{\"n\":1}")))
        .isEqualTo(new Receipt.Kept(Ack.ACCEPTED, 1, 0));
  }

  @ParameterizedTest
  @EnumSource(Buffer.class)
  void saysDeliveredOnlyWhenEverySinkHasIt(Buffer buffer) {
    FakeSink quick = new FakeSink(vertx, "quick", BUDGET).open();
    FakeSink slow = new FakeSink(vertx, "slow", BUDGET).open().hold();
    start(roomy(buffer), "quick", "slow");

    Future<Receipt> receipt = put(Ack.DELIVERED, "{\"n\":1}", "{\"n\":2}");

    soon().until(() -> quick.events().size() == 2 && slow.held() == 1);
    Loop.wait(put(Ack.STORED, "{\"n\":3}"));
    assertThat(receipt.isComplete()).isFalse();
    slow.goOn(Outcome.stored());
    assertThat(Loop.wait(receipt)).isEqualTo(new Receipt.Kept(Ack.DELIVERED, 2, 0));
  }

  @ParameterizedTest
  @EnumSource(Buffer.class)
  void answersWhoWaitsForDeliveryWhenTheStreamStops(Buffer buffer) {
    start(roomy(buffer), "nobody");
    Future<Receipt> receipt = put(Ack.DELIVERED, "{\"n\":1}");
    Loop.wait(put(Ack.STORED, "{\"n\":2}"));

    Loop.wait(stream.stop());

    assertThat(refused(receipt).why()).isEqualTo(Refusal.UNKNOWN);
  }

  @ParameterizedTest
  @EnumSource(Buffer.class)
  void aSinkThatIsReplacedGetsEverythingFromWhereItStandsInOrder(Buffer buffer) {
    FakeSink first = new FakeSink(vertx, "archive", BUDGET).open();
    start(roomy(buffer), "archive");
    fill(0, 100, 50);
    soon().until(() -> first.events().size() == 100);
    first.hold();
    fill(100, 300, 50);
    soon().until(() -> first.held() > 0);

    first.vanish();
    FakeSink second = new FakeSink(vertx, "archive", BUDGET).open();
    fill(300, 400, 50);

    soon().untilAsserted(() -> assertThat(second.events()).hasSizeGreaterThanOrEqualTo(300));
    assertThat(second.events()).isEqualTo(events(100, 400, 50));
  }

  @ParameterizedTest
  @EnumSource(Buffer.class)
  void aDeliveryThatIsPutOffIsSentAgainInOrder(Buffer buffer) {
    FakeSink sink = new FakeSink(vertx, "archive", BUDGET).open().hold();
    start(roomy(buffer), "archive");
    fill(0, 100, 50);
    soon().until(() -> sink.held() > 0);
    List<String> before = sink.events();

    sink.goOn(Outcome.retry("later"));
    fill(100, 200, 50);

    soon().until(() -> sink.events().contains(event(199, 50)));
    List<String> after = sink.events().subList(before.size(), sink.events().size());
    assertThat(after.subList(after.lastIndexOf(event(0, 50)), after.size()))
        .isEqualTo(events(0, 200, 50));
  }

  @Test
  void aSinkThatKeepsItsOwnPositionIsServedFromThere() {
    start(roomy(Buffer.DISK), "archive");
    fill(0, 10, 50);

    FakeSink sink =
        new FakeSink(vertx, "archive", BUDGET).open(Map.of("events", new Position(0, 4)));

    soon().until(() -> sink.events().size() == 6);
    assertThat(sink.events()).isEqualTo(events(4, 10, 50));
  }

  @Test
  void whatASinkHasStoredIsNotSentAgainThoughItStoodEarlierWhenItOpened() {
    start(roomy(Buffer.DISK), "archive", "nobody");
    fill(0, 10, 50);
    FakeSink sink =
        new FakeSink(vertx, "archive", BUDGET).open(Map.of("events", new Position(0, 4)));
    soon().until(() -> sink.events().size() == 6);
    sink.hold();
    Loop.wait(put(Ack.STORED, event(10, 50)));
    soon().until(() -> sink.held() == 1);

    sink.goOn(Outcome.retry("later"));

    soon().until(() -> sink.events().size() >= 8);
    assertThat(sink.firsts()).endsWith(10L, 10L);
  }

  @Test
  void aSinkFarBehindTheWindowReadsTheJournalAndSeesEverythingOnceInOrder() {
    FakeSink quick = new FakeSink(vertx, "quick", BUDGET).open();
    FakeSink slow = new FakeSink(vertx, "slow", BUDGET).open().hold();
    start(roomy(Buffer.DISK), "quick", "slow");
    int events = 600;
    int size = 50_000;

    fill(0, events, size);
    soon().until(() -> quick.events().size() == events);
    assertThat(slow.events().size()).isLessThan(events / 2);
    slow.goOn(Outcome.stored());
    fill(events, events + 10, size);

    soon().until(() -> slow.events().size() >= events + 10);
    assertThat(slow.events()).isEqualTo(events(0, events + 10, size));
    assertThat(quick.events()).isEqualTo(events(0, events + 10, size));
  }

  @Test
  void anEventHeavierThanWhatTheSinkHasFreeWaitsForItsTurn() {
    FakeSink sink = new FakeSink(vertx, "archive", 100_000).open().hold();
    start(roomy(Buffer.DISK), "archive");
    Loop.wait(put(Ack.STORED, event(0, 60_000)));
    Loop.wait(put(Ack.STORED, event(1, 90_000)));
    soon().until(() -> sink.held() == 1);

    sink.goOn(Outcome.stored());

    soon().until(() -> sink.events().size() == 2);
  }

  @Test
  void aBatchHeavierThanTheSinksWholeBudgetIsTakenInParts() {
    FakeSink sink = new FakeSink(vertx, "archive", 100_000).open();
    start(roomy(Buffer.DISK), "archive");

    Loop.wait(put(Ack.STORED, events(0, 50, 10_000).toArray(String[]::new)));

    soon().until(() -> sink.events().size() == 50);
    assertThat(sink.events()).isEqualTo(events(0, 50, 10_000));
    assertThat(sink.firsts().size()).isGreaterThan(4);
  }

  @Test
  void anIdleStreamThatHoldsASinksCreditStarvesNoOther() {
    FakeSink sink = new FakeSink(vertx, "archive", BUDGET).open();
    Stream idle = stream("idle", roomy(Buffer.MEMORY), "archive");
    Loop.wait(idle.start());
    soon().until(() -> sink.granted() == BUDGET);
    start(roomy(Buffer.MEMORY), "archive");

    assertThat(Loop.wait(put(Ack.DELIVERED, "{\"n\":1}")))
        .isEqualTo(new Receipt.Kept(Ack.DELIVERED, 1, 0));
    Loop.wait(idle.stop());
    assertThat(sink.events()).containsExactly("{\"n\":1}");
  }

  @ParameterizedTest
  @EnumSource(Buffer.class)
  void aFullStreamBlocksUntilASinkMadeRoom(Buffer buffer) {
    FakeSink sink = new FakeSink(vertx, "archive", BUDGET).open().hold();
    start(settings(buffer, WhenFull.BLOCK, MEBI), "archive");
    List<Future<Receipt>> receipts =
        events(0, 60, 50_000).stream().map(event -> put(Ack.STORED, event)).toList();
    soon().until(() -> receipts.stream().filter(Future::succeeded).count() >= 18);

    Receipt.Refused refused =
        refused(put(inlet, Ack.STORED, Duration.ofMillis(50), event(99, 50_000)));
    long kept = receipts.stream().filter(Future::succeeded).count();
    sink.goOn(Outcome.stored());

    assertThat(refused.why()).isEqualTo(Refusal.NO_CREDIT);
    assertThat(kept).as("kept while the sink took nothing").isLessThan(23);
    receipts.forEach(receipt -> assertThat(Loop.wait(receipt)).isInstanceOf(Receipt.Kept.class));
    soon().until(() -> sink.events().size() == 60);
    assertThat(sink.events()).isEqualTo(events(0, 60, 50_000));
  }

  @ParameterizedTest
  @EnumSource(Buffer.class)
  void aFullStreamRejectsWhenToldTo(Buffer buffer) {
    FakeSink sink = new FakeSink(vertx, "archive", BUDGET).open().hold();
    start(settings(buffer, WhenFull.REJECT, MEBI), "archive");

    List<Receipt> receipts =
        events(0, 60, 50_000).stream().map(event -> Loop.wait(put(Ack.STORED, event))).toList();
    sink.goOn(Outcome.stored());

    List<Receipt> refusals =
        receipts.stream().filter(receipt -> receipt instanceof Receipt.Refused).toList();
    assertThat(refusals)
        .isNotEmpty()
        .allSatisfy(
            receipt ->
                assertThat(((Receipt.Refused) receipt).why()).isEqualTo(Refusal.STREAM_FULL));
    soon().until(() -> sink.events().size() == 60 - refusals.size());
    assertThat(Loop.wait(put(Ack.STORED, event(60, 50)))).isInstanceOf(Receipt.Kept.class);
  }

  @ParameterizedTest
  @EnumSource(Buffer.class)
  @MaxLog(Level.ERROR)
  void aFullStreamDropsTheOldestWhenToldTo(Buffer buffer) {
    start(settings(buffer, WhenFull.DROP_OLDEST, MEBI), "archive");
    int events = 200;

    fill(0, events, 50_000);
    soon().until(() -> stream.state().next().ordinal() == events);
    assertThat(stream.state().bytes()).isLessThan(3L << 20);
    FakeSink sink = new FakeSink(vertx, "archive", BUDGET).open();

    soon().until(() -> sink.events().contains(event(events - 1, 50_000)));
    List<String> arrived = sink.events();
    assertThat(arrived).isEqualTo(events(events - arrived.size(), events, 50_000));
    assertThat(arrived.size()).isBetween(10, 60);
    soon().until(() -> stream.state().feeds().get(0).lost() == events - arrived.size());
  }

  @ParameterizedTest
  @EnumSource(Buffer.class)
  @MaxLog(Level.ERROR)
  void aFullStreamDropsNoMoreThanASmallPartAtOnce(Buffer buffer) {
    start(settings(buffer, WhenFull.DROP_OLDEST, MEBI), "archive");

    for (int i = 0; i < 21; i++) {
      fill(i, i + 1, 50_000);
    }

    soon().until(() -> stream.state().next().ordinal() == 21);
    assertThat(21 - stream.state().first().ordinal()).as("kept of 21").isBetween(10L, 20L);
  }

  @Test
  void answersTooLargeForWhatCouldNeverFit() {
    start(settings(Buffer.DISK, WhenFull.BLOCK, MEBI), "archive");
    Loop.wait(put(Ack.STORED, "{}"));

    assertThat(refused(put(Ack.STORED, event(0, 2 << 20))).why()).isEqualTo(Refusal.TOO_LARGE);
  }

  @Test
  void goesOnAfterARestartWhereEachSinkWas() {
    FakeSink quick = new FakeSink(vertx, "quick", BUDGET).open();
    FakeSink slow = new FakeSink(vertx, "slow", BUDGET).open();
    start(roomy(Buffer.DISK), "quick", "slow");
    fill(0, 100, 50);
    soon().until(() -> slow.events().size() == 100 && quick.events().size() == 100);
    slow.hold();
    fill(100, 200, 50);
    soon().until(() -> slow.held() > 0 && quick.events().size() == 200);
    slow.vanish();
    soon().until(() -> stream.state().feeds().get(0).settled() == 200);

    restart(roomy(Buffer.DISK), "quick", "slow");
    FakeSink again = new FakeSink(vertx, "slow", BUDGET).open();
    fill(200, 210, 50);

    soon().until(() -> again.events().size() >= 110 && quick.events().size() >= 210);
    assertThat(again.events()).isEqualTo(events(100, 210, 50));
    assertThat(quick.events()).isEqualTo(events(0, 210, 50));
  }

  @Test
  void keepsForReplayWhatIsToBeRetained() {
    FakeSink sink = new FakeSink(vertx, "archive", BUDGET).open();
    Optional<Retain> all =
        Optional.of(new Retain(Optional.of(Duration.ofHours(1)), Optional.empty()));
    StreamSettings settings = settings(Buffer.DISK, WhenFull.BLOCK, ByteSize.parse("64MiB"), all);
    start(settings, "archive");
    fill(0, 100, 50);
    soon().until(() -> sink.events().size() == 100);

    restart(settings, "archive", "replay");
    FakeSink replay = new FakeSink(vertx, "replay", BUDGET).open();

    soon().until(() -> replay.events().size() == 100);
    assertThat(sink.events()).hasSize(100);
  }

  @Test
  void whatIsRetainedMakesRoomForWhatIsNew() {
    FakeSink sink = new FakeSink(vertx, "archive", BUDGET).open();
    Optional<Retain> all =
        Optional.of(new Retain(Optional.of(Duration.ofHours(1)), Optional.empty()));
    start(settings(Buffer.DISK, WhenFull.BLOCK, ByteSize.parse("8MiB"), all), "archive");

    fill(0, 400, 50_000);

    soon().until(() -> sink.events().size() == 400);
  }

  @Test
  void drainsOnlyWhenEverySinkHasEverything() {
    FakeSink sink = new FakeSink(vertx, "archive", BUDGET).open().hold();
    start(roomy(Buffer.DISK), "archive");
    fill(0, 10, 50);

    Future<Void> drained = stream.drain();
    assertThat(refused(put(Ack.STORED, "{}")).why()).isEqualTo(Refusal.DRAINING);
    assertThat(drained.isComplete()).isFalse();
    sink.goOn(Outcome.stored());

    Loop.wait(drained);
    assertThat(sink.events()).hasSize(10);
  }

  @Test
  void drainsAtOnceWhenItNeverRan() {
    Stream never = stream("never", roomy(Buffer.DISK), "archive");

    Loop.wait(never.drain());
    Loop.wait(never.stop());
  }

  @Test
  void twoCannotShareAJournal() {
    start(roomy(Buffer.DISK), "archive");

    assertThatThrownBy(() -> Loop.wait(stream("events", roomy(Buffer.DISK), "archive").start()))
        .isInstanceOf(IOException.class);
  }
}
