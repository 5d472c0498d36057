package io.sluice.stream;

import io.sluice.event.Batch;
import io.sluice.event.Delivery;
import io.sluice.event.Outcome;
import io.sluice.event.Position;
import io.sluice.flow.Intake;
import io.sluice.flow.Parcel;
import io.sluice.flow.SinkDoor;
import io.sluice.harness.Loop;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The receiving end of feeds, that takes at once, holds until it is told, or is not there. Called
 * from the test's thread.
 */
final class FakeSink {
  private final Vertx vertx;
  private final String name;
  private final Loop loop;
  private final long budget;
  private final List<String> events = new ArrayList<>();
  private final List<Long> firsts = new ArrayList<>();
  private final ArrayDeque<Parcel<Delivery, Outcome>> held = new ArrayDeque<>();
  private boolean holding;
  private Intake<Delivery, Outcome> intake;
  private MessageConsumer<?> door;

  FakeSink(Vertx vertx, String name, long budget) {
    this.vertx = vertx;
    this.name = name;
    this.budget = budget;
    this.loop = Loop.of(vertx);
  }

  FakeSink open(Map<String, Position> standing) {
    loop.run(
        () -> {
          door = SinkDoor.answer(vertx, name, standing);
          intake = Intake.open(vertx, SinkDoor.address(name), budget, this::take);
        });
    return this;
  }

  FakeSink open() {
    return open(Map.of());
  }

  /** Is gone; what it held is never answered. */
  void vanish() {
    loop.await(() -> door.unregister());
    loop.await(() -> intake.close());
    loop.run(held::clear);
  }

  private void take(Parcel<Delivery, Outcome> parcel) {
    firsts.add(parcel.content().first().ordinal());
    for (Batch batch : parcel.content().batches()) {
      for (int i = 0; i < batch.size(); i++) {
        events.add(text(batch, i));
      }
    }
    if (holding) {
      held.add(parcel);
    } else {
      parcel.settle(Outcome.stored());
    }
  }

  private static String text(Batch batch, int event) {
    int length = batch.end(event) - batch.start(event);
    return new String(batch.region(), batch.start(event), length, StandardCharsets.UTF_8).strip();
  }

  /** Keeps what comes unanswered. */
  FakeSink hold() {
    loop.run(() -> holding = true);
    return this;
  }

  /** Answers all it holds with {@code outcome}, and what comes from now on at once. */
  void goOn(Outcome outcome) {
    loop.run(
        () -> {
          holding = false;
          while (!held.isEmpty()) {
            held.remove().settle(outcome);
          }
        });
  }

  /** What arrived so far, in that order; more than once where it was sent so. */
  List<String> events() {
    return loop.call(() -> List.copyOf(events));
  }

  /** Bytes of credit that feeds have from it. */
  long granted() {
    return loop.call(() -> intake.granted());
  }

  int held() {
    return loop.call(held::size);
  }

  List<Long> firsts() {
    return loop.call(() -> List.copyOf(firsts));
  }
}
