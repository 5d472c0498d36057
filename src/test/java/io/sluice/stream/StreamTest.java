package io.sluice.stream;

import static io.sluice.stream.StreamRig.BUDGET;
import static io.sluice.stream.StreamRig.event;
import static io.sluice.stream.StreamRig.events;
import static io.sluice.stream.StreamRig.roomy;
import static io.sluice.stream.StreamRig.settings;
import static io.sluice.stream.StreamRig.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.config.ByteSize;
import io.sluice.event.Ack;
import io.sluice.event.Outcome;
import io.sluice.event.Position;
import io.sluice.event.Receipt;
import io.sluice.event.Refusal;
import io.sluice.harness.Loop;
import io.sluice.harness.SluiceExtension;
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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A stream between an inlet and sinks, on the real bus and a real disk. */
@ExtendWith(SluiceExtension.class)
class StreamTest {
  @TempDir private Path directory;
  private StreamRig rig;

  @BeforeEach
  void prepare(Vertx vertx) {
    rig = new StreamRig(vertx, directory);
  }

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void saysStoredOnceTheBytesAreInTheJournal() {
    rig.start(roomy(Buffer.DISK), "archive");

    Receipt receipt = Loop.wait(rig.put(Ack.STORED, "{\"n\":\"needle\"}"));

    assertThat(receipt).isEqualTo(new Receipt.Kept(Ack.STORED, 1, 0));
    // A file beside it may be renamed while they are looked through: then once more.
    boolean found =
        soon()
            .ignoreExceptionsInstanceOf(UncheckedIOException.class)
            .until(this::found, any -> true);
    assertThat(found).isTrue();
  }

  private boolean found() throws IOException {
    try (var files = Files.walk(directory)) {
      return files
          .filter(Files::isRegularFile)
          .map(StreamTest::content)
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
    rig.start(roomy(buffer), "archive");

    assertThat(Loop.wait(rig.put(Ack.ACCEPTED, "{\"n\":1}")))
        .isEqualTo(new Receipt.Kept(Ack.ACCEPTED, 1, 0));
  }

  @Test
  void saysNoMoreThanAcceptedInMemory() {
    rig.start(roomy(Buffer.MEMORY), "archive");

    assertThat(Loop.wait(rig.put(Ack.STORED, "{\"n\":1}")))
        .isEqualTo(new Receipt.Kept(Ack.ACCEPTED, 1, 0));
  }

  @ParameterizedTest
  @EnumSource(Buffer.class)
  void saysDeliveredOnlyWhenEverySinkHasIt(Buffer buffer) {
    FakeSink quick = new FakeSink(rig.vertx(), "quick", BUDGET).open();
    FakeSink slow = new FakeSink(rig.vertx(), "slow", BUDGET).open().hold();
    rig.start(roomy(buffer), "quick", "slow");

    Future<Receipt> receipt = rig.put(Ack.DELIVERED, "{\"n\":1}", "{\"n\":2}");

    soon().until(() -> quick.events().size() == 2 && slow.held() == 1);
    Loop.wait(rig.put(Ack.STORED, "{\"n\":3}"));
    assertThat(receipt.isComplete()).isFalse();
    slow.goOn(Outcome.stored());
    assertThat(Loop.wait(receipt)).isEqualTo(new Receipt.Kept(Ack.DELIVERED, 2, 0));
  }

  @ParameterizedTest
  @EnumSource(Buffer.class)
  void keepsForTheFirstSinkWhatCameWhileThereWasNone(Buffer buffer) {
    rig.start(roomy(buffer));
    rig.fill(0, 50, 50);

    FakeSink sink = new FakeSink(rig.vertx(), "archive", BUDGET).open();
    Loop.wait(rig.stream().follow(roomy(buffer), List.of("archive")));
    rig.fill(50, 60, 50);

    soon().untilAsserted(() -> assertThat(sink.events()).isEqualTo(events(0, 60, 50)));
  }

  @ParameterizedTest
  @EnumSource(Buffer.class)
  void answersWhoWaitsForDeliveryWhenTheStreamStops(Buffer buffer) {
    rig.start(roomy(buffer), "nobody");
    Future<Receipt> receipt = rig.put(Ack.DELIVERED, "{\"n\":1}");
    Loop.wait(rig.put(Ack.STORED, "{\"n\":2}"));

    Loop.wait(rig.stream().stop());

    assertThat(rig.refused(receipt).why()).isEqualTo(Refusal.UNKNOWN);
  }

  @ParameterizedTest
  @EnumSource(Buffer.class)
  void aSinkThatIsReplacedGetsEverythingFromWhereItStandsInOrder(Buffer buffer) {
    FakeSink first = new FakeSink(rig.vertx(), "archive", BUDGET).open();
    rig.start(roomy(buffer), "archive");
    rig.fill(0, 100, 50);
    soon().until(() -> first.events().size() == 100);
    first.hold();
    rig.fill(100, 300, 50);
    soon().until(() -> first.held() > 0);

    first.vanish();
    FakeSink second = new FakeSink(rig.vertx(), "archive", BUDGET).open();
    rig.fill(300, 400, 50);

    soon().untilAsserted(() -> assertThat(second.events()).hasSizeGreaterThanOrEqualTo(300));
    assertThat(second.events()).isEqualTo(events(100, 400, 50));
  }

  @ParameterizedTest
  @EnumSource(Buffer.class)
  void aSinkGetsNothingBeforeWhatItsPredecessorDidNotAnswer(Buffer buffer) {
    FakeSink first = new FakeSink(rig.vertx(), "archive", BUDGET).open().hold();
    rig.start(roomy(buffer), "archive");
    rig.fill(0, 100, 50);
    soon().until(() -> first.events().size() == 100);

    first.vanish();
    FakeSink second = new FakeSink(rig.vertx(), "archive", BUDGET).open();
    soon().until(() -> second.granted() > 0);
    rig.fill(100, 200, 50);

    soon().untilAsserted(() -> assertThat(second.events()).isEqualTo(events(0, 200, 50)));
  }

  @ParameterizedTest
  @EnumSource(Buffer.class)
  void aDeliveryThatIsPutOffIsSentAgainInOrder(Buffer buffer) {
    FakeSink sink = new FakeSink(rig.vertx(), "archive", BUDGET).open().hold();
    rig.start(roomy(buffer), "archive");
    rig.fill(0, 100, 50);
    soon().until(() -> sink.held() > 0);
    List<String> before = sink.events();

    sink.goOn(Outcome.retry("later"));
    rig.fill(100, 200, 50);

    soon().until(() -> sink.events().contains(event(199, 50)));
    List<String> after = sink.events().subList(before.size(), sink.events().size());
    assertThat(after.subList(after.lastIndexOf(event(0, 50)), after.size()))
        .isEqualTo(events(0, 200, 50));
  }

  @Test
  void aSinkThatKeepsItsOwnPositionIsServedFromThere() {
    rig.start(roomy(Buffer.DISK), "archive");
    rig.fill(0, 10, 50);

    FakeSink sink = new FakeSink(rig.vertx(), "archive", BUDGET).open(Map.of("events", rig.at(4)));

    soon().until(() -> sink.events().size() == 6);
    assertThat(sink.events()).isEqualTo(events(4, 10, 50));
  }

  @Test
  void whatASinkHoldsOfAnEarlierLifeOfAStreamInMemoryKeepsNothingBack() {
    rig.start(roomy(Buffer.MEMORY), "archive");
    for (int i = 0; i < 10; i++) {
      Loop.wait(rig.put(Ack.ACCEPTED, event(i, 50)));
    }

    FakeSink sink =
        new FakeSink(rig.vertx(), "archive", BUDGET).open(Map.of("events", new Position(0, 4)));

    soon().until(() -> sink.events().size() >= 10);
    assertThat(sink.events()).isEqualTo(events(0, 10, 50));
  }

  @Test
  void whatASinkHoldsOfAJournalThatWasDeletedKeepsNothingBack() {
    rig.start(roomy(Buffer.DISK), "archive");
    rig.fill(0, 10, 50);

    FakeSink sink =
        new FakeSink(rig.vertx(), "archive", BUDGET)
            .open(Map.of("events", new Position(rig.at(4).epoch() + 7, 4)));

    soon().until(() -> sink.events().size() >= 10);
    assertThat(sink.events()).isEqualTo(events(0, 10, 50));
  }

  @Test
  void whatASinkHasStoredIsNotSentAgainThoughItStoodEarlierWhenItOpened() {
    rig.start(roomy(Buffer.DISK), "archive", "nobody");
    rig.fill(0, 10, 50);
    FakeSink sink = new FakeSink(rig.vertx(), "archive", BUDGET).open(Map.of("events", rig.at(4)));
    soon().until(() -> sink.events().size() == 6);
    sink.hold();
    Loop.wait(rig.put(Ack.STORED, event(10, 50)));
    soon().until(() -> sink.held() == 1);

    sink.goOn(Outcome.retry("later"));

    soon().until(() -> sink.events().size() >= 8);
    assertThat(sink.firsts()).endsWith(10L, 10L);
  }

  @Test
  void aSinkFarBehindTheWindowReadsTheJournalAndSeesEverythingOnceInOrder() {
    FakeSink quick = new FakeSink(rig.vertx(), "quick", BUDGET).open();
    FakeSink slow = new FakeSink(rig.vertx(), "slow", BUDGET).open().hold();
    rig.start(roomy(Buffer.DISK), "quick", "slow");
    int events = 600;
    int size = 50_000;

    rig.fill(0, events, size);
    soon().until(() -> quick.events().size() == events);
    assertThat(slow.events().size()).isLessThan(events / 2);
    slow.goOn(Outcome.stored());
    rig.fill(events, events + 10, size);

    soon().until(() -> slow.events().size() >= events + 10);
    assertThat(slow.events()).isEqualTo(events(0, events + 10, size));
    assertThat(quick.events()).isEqualTo(events(0, events + 10, size));
  }

  @Test
  void anEventHeavierThanWhatTheSinkHasFreeWaitsForItsTurn() {
    FakeSink sink = new FakeSink(rig.vertx(), "archive", 100_000).open().hold();
    rig.start(roomy(Buffer.DISK), "archive");
    Loop.wait(rig.put(Ack.STORED, event(0, 60_000)));
    Loop.wait(rig.put(Ack.STORED, event(1, 90_000)));
    soon().until(() -> sink.held() == 1);

    sink.goOn(Outcome.stored());

    soon().until(() -> sink.events().size() == 2);
  }

  @Test
  void aBatchHeavierThanTheSinksWholeBudgetIsTakenInParts() {
    FakeSink sink = new FakeSink(rig.vertx(), "archive", 100_000).open();
    rig.start(roomy(Buffer.DISK), "archive");

    Loop.wait(rig.put(Ack.STORED, events(0, 50, 10_000).toArray(String[]::new)));

    soon().until(() -> sink.events().size() == 50);
    assertThat(sink.events()).isEqualTo(events(0, 50, 10_000));
    assertThat(sink.firsts().size()).isGreaterThan(4);
  }

  @Test
  void anIdleStreamThatHoldsASinksCreditStarvesNoOther() {
    FakeSink sink = new FakeSink(rig.vertx(), "archive", BUDGET).open();
    Stream idle = rig.stream("idle", roomy(Buffer.MEMORY), "archive");
    Loop.wait(idle.start());
    soon().until(() -> sink.granted() == BUDGET);
    rig.start(roomy(Buffer.MEMORY), "archive");

    assertThat(Loop.wait(rig.put(Ack.DELIVERED, "{\"n\":1}")))
        .isEqualTo(new Receipt.Kept(Ack.DELIVERED, 1, 0));
    Loop.wait(idle.stop());
    assertThat(sink.events()).containsExactly("{\"n\":1}");
  }

  @Test
  void goesOnAfterARestartWhereEachSinkWas() {
    FakeSink quick = new FakeSink(rig.vertx(), "quick", BUDGET).open();
    FakeSink slow = new FakeSink(rig.vertx(), "slow", BUDGET).open();
    rig.start(roomy(Buffer.DISK), "quick", "slow");
    rig.fill(0, 100, 50);
    soon().until(() -> slow.events().size() == 100 && quick.events().size() == 100);
    slow.hold();
    rig.fill(100, 200, 50);
    soon().until(() -> slow.held() > 0 && quick.events().size() == 200);
    slow.vanish();
    soon().until(() -> rig.stream().state().feeds().get(0).settled() == 200);

    rig.restart(roomy(Buffer.DISK), "quick", "slow");
    FakeSink again = new FakeSink(rig.vertx(), "slow", BUDGET).open();
    rig.fill(200, 210, 50);

    soon().until(() -> again.events().size() >= 110 && quick.events().size() >= 210);
    assertThat(again.events()).isEqualTo(events(100, 210, 50));
    assertThat(quick.events()).isEqualTo(events(0, 210, 50));
  }

  @Test
  void keepsForReplayWhatIsToBeRetained() {
    FakeSink sink = new FakeSink(rig.vertx(), "archive", BUDGET).open();
    Optional<Retain> all =
        Optional.of(new Retain(Optional.of(Duration.ofHours(1)), Optional.empty()));
    StreamSettings settings = settings(Buffer.DISK, WhenFull.BLOCK, ByteSize.parse("64MiB"), all);
    rig.start(settings, "archive");
    rig.fill(0, 100, 50);
    soon().until(() -> sink.events().size() == 100);

    rig.restart(settings, "archive", "replay");
    FakeSink replay = new FakeSink(rig.vertx(), "replay", BUDGET).open();

    soon().until(() -> replay.events().size() == 100);
    assertThat(sink.events()).hasSize(100);
  }

  @Test
  void whatIsRetainedMakesRoomForWhatIsNew() {
    FakeSink sink = new FakeSink(rig.vertx(), "archive", BUDGET).open();
    Optional<Retain> all =
        Optional.of(new Retain(Optional.of(Duration.ofHours(1)), Optional.empty()));
    rig.start(settings(Buffer.DISK, WhenFull.BLOCK, ByteSize.parse("8MiB"), all), "archive");

    rig.fill(0, 400, 50_000);

    soon().until(() -> sink.events().size() == 400);
  }

  @Test
  void drainsOnlyWhenEverySinkHasEverything() {
    FakeSink sink = new FakeSink(rig.vertx(), "archive", BUDGET).open().hold();
    rig.start(roomy(Buffer.DISK), "archive");
    rig.fill(0, 10, 50);

    Future<Void> drained = rig.stream().drain();
    assertThat(rig.refused(rig.put(Ack.STORED, "{}")).why()).isEqualTo(Refusal.DRAINING);
    assertThat(drained.isComplete()).isFalse();
    sink.goOn(Outcome.stored());

    Loop.wait(drained);
    assertThat(sink.events()).hasSize(10);
  }

  @Test
  void drainsAtOnceWhenItNeverRan() {
    Stream never = rig.stream("never", roomy(Buffer.DISK), "archive");

    Loop.wait(never.drain());
    Loop.wait(never.stop());
  }

  @Test
  void twoCannotShareAJournal() {
    rig.start(roomy(Buffer.DISK), "archive");

    assertThatThrownBy(() -> Loop.wait(rig.stream("events", roomy(Buffer.DISK), "archive").start()))
        .isInstanceOf(IOException.class);
  }
}
