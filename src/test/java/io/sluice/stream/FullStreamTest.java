package io.sluice.stream;

import static io.sluice.stream.StreamRig.BUDGET;
import static io.sluice.stream.StreamRig.MEBI;
import static io.sluice.stream.StreamRig.event;
import static io.sluice.stream.StreamRig.events;
import static io.sluice.stream.StreamRig.settings;
import static io.sluice.stream.StreamRig.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.event.Ack;
import io.sluice.event.Outcome;
import io.sluice.event.Receipt;
import io.sluice.event.Refusal;
import io.sluice.harness.Loop;
import io.sluice.harness.MaxLog;
import io.sluice.harness.SluiceExtension;
import io.sluice.stream.StreamSettings.Buffer;
import io.sluice.stream.StreamSettings.WhenFull;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.event.Level;

/** What a stream does that holds all it may. */
@ExtendWith(SluiceExtension.class)
class FullStreamTest {
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

  @ParameterizedTest
  @EnumSource(Buffer.class)
  void aFullStreamBlocksUntilASinkMadeRoom(Buffer buffer) {
    FakeSink sink = new FakeSink(rig.vertx(), "archive", BUDGET).open().hold();
    rig.start(settings(buffer, WhenFull.BLOCK, MEBI), "archive");
    List<Future<Receipt>> receipts =
        events(0, 60, 50_000).stream().map(event -> rig.put(Ack.STORED, event)).toList();
    soon().until(() -> receipts.stream().filter(Future::succeeded).count() >= 18);

    Receipt.Refused refused =
        rig.refused(rig.put(rig.inlet(), Ack.STORED, Duration.ofMillis(50), event(99, 50_000)));
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
    FakeSink sink = new FakeSink(rig.vertx(), "archive", BUDGET).open().hold();
    rig.start(settings(buffer, WhenFull.REJECT, MEBI), "archive");

    List<Receipt> receipts =
        events(0, 60, 50_000).stream().map(event -> Loop.wait(rig.put(Ack.STORED, event))).toList();
    sink.goOn(Outcome.stored());

    List<Receipt> refusals =
        receipts.stream().filter(receipt -> receipt instanceof Receipt.Refused).toList();
    assertThat(refusals)
        .isNotEmpty()
        .allSatisfy(
            receipt ->
                assertThat(((Receipt.Refused) receipt).why()).isEqualTo(Refusal.STREAM_FULL));
    soon().until(() -> sink.events().size() == 60 - refusals.size());
    assertThat(Loop.wait(rig.put(Ack.STORED, event(60, 50)))).isInstanceOf(Receipt.Kept.class);
  }

  @ParameterizedTest
  @EnumSource(Buffer.class)
  @MaxLog(Level.ERROR)
  void aFullStreamDropsTheOldestWhenToldTo(Buffer buffer) {
    rig.start(settings(buffer, WhenFull.DROP_OLDEST, MEBI), "archive");
    int events = 200;

    rig.fill(0, events, 50_000);
    soon().until(() -> rig.stream().state().next().ordinal() == events);
    assertThat(rig.stream().state().bytes()).isLessThan(3L << 20);
    FakeSink sink = new FakeSink(rig.vertx(), "archive", BUDGET).open();

    soon().until(() -> sink.events().contains(event(events - 1, 50_000)));
    List<String> arrived = sink.events();
    assertThat(arrived).isEqualTo(events(events - arrived.size(), events, 50_000));
    assertThat(arrived.size()).isBetween(10, 60);
    soon().until(() -> rig.stream().state().feeds().get(0).lost() == events - arrived.size());
  }

  @ParameterizedTest
  @EnumSource(Buffer.class)
  @MaxLog(Level.ERROR)
  void aFullStreamDropsNoMoreThanASmallPartAtOnce(Buffer buffer) {
    rig.start(settings(buffer, WhenFull.DROP_OLDEST, MEBI), "archive");

    for (int i = 0; i < 21; i++) {
      rig.fill(i, i + 1, 50_000);
    }

    soon().until(() -> rig.stream().state().next().ordinal() == 21);
    assertThat(21 - rig.stream().state().first().ordinal()).as("kept of 21").isBetween(10L, 20L);
  }

  @ParameterizedTest
  @EnumSource(Buffer.class)
  @MaxLog(Level.ERROR)
  void whatWasDroppedIsNotConfirmedAsDelivered(Buffer buffer) {
    FakeSink sink = new FakeSink(rig.vertx(), "archive", BUDGET).open().hold();
    rig.start(settings(buffer, WhenFull.DROP_OLDEST, MEBI), "archive");

    List<Future<Receipt>> receipts =
        events(0, 200, 50_000).stream().map(event -> rig.put(Ack.DELIVERED, event)).toList();
    soon().until(() -> rig.stream().state().next().ordinal() == 200);
    sink.goOn(Outcome.stored());

    receipts.forEach(receipt -> Loop.wait(receipt));
    for (int i = 0; i < 200; i++) {
      boolean confirmed = receipts.get(i).result() instanceof Receipt.Kept;
      assertThat(sink.events().contains(event(i, 50_000))).as("event %d", i).isEqualTo(confirmed);
    }
    assertThat(sink.events()).as("some went").hasSizeLessThan(200);
  }

  @Test
  void answersTooLargeForWhatCouldNeverFit() {
    rig.start(settings(Buffer.DISK, WhenFull.BLOCK, MEBI), "archive");
    Loop.wait(rig.put(Ack.STORED, "{}"));

    assertThat(rig.refused(rig.put(Ack.STORED, event(0, 2 << 20))).why())
        .isEqualTo(Refusal.TOO_LARGE);
  }
}
