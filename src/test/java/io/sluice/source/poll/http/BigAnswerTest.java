package io.sluice.source.poll.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.connector.Cursor;
import io.sluice.connector.Polled;
import io.sluice.harness.Loop;
import io.sluice.harness.SluiceExtension;
import io.sluice.source.poll.FakeIntake;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Answers larger than what a poll may hold of them. */
@ExtendWith(SluiceExtension.class)
class BigAnswerTest {
  private static final String ITEMS =
      "\"url\": \"http://127.0.0.1:PORT/\", \"records\": \"/data/items\", \"maxBytes\": \"2GiB\"";
  private static final int RECORD = 512;
  private static final int AT_ONCE = 128;

  private final AtomicLong sent = new AtomicLong();

  @AfterEach
  void undeploy(Vertx vertx) {
    Loop.undeployAll(vertx);
  }

  /** Sends so many records, as fast as they are read. */
  private Api api(Vertx vertx, long records) {
    String record = "{\"n\":1,\"x\":\"" + "x".repeat(RECORD - 15) + "\"},";
    Buffer some = Buffer.buffer(record.repeat(AT_ONCE));
    return Api.of(vertx, request -> begin(request, some, records));
  }

  private void begin(HttpServerRequest request, Buffer some, long records) {
    HttpServerResponse response = request.response().setChunked(true);
    response.exceptionHandler(closed -> {});
    response.putHeader("content-type", "application/json").write("{\"data\":{\"items\":[");
    response.drainHandler(more -> fill(response, some, records));
    fill(response, some, records);
  }

  private void fill(HttpServerResponse response, Buffer some, long records) {
    while (!response.ended() && !response.closed() && !response.writeQueueFull()) {
      if (sent.get() < records) {
        sent.addAndGet(AT_ONCE);
        response.write(some);
      } else {
        response.end("{\"n\":2}]},\"next\":null}");
      }
    }
  }

  @Test
  void areReadInConstantMemory(Vertx vertx) {
    reads(vertx, 64L << 20);
  }

  @Test
  @Tag("slow")
  void ofAGigabyteAreReadInConstantMemory(Vertx vertx) {
    reads(vertx, 1L << 30);
  }

  private void reads(Vertx vertx, long bytes) {
    long records = bytes / RECORD;
    Api api = api(vertx, records);
    FakeIntake intake = new FakeIntake(Cursor.START, 256 << 10, 1 << 20).counting().full();
    try (HttpPolling orders = new HttpPolling(vertx, api.port(), ITEMS)) {
      long began = System.nanoTime();
      Future<Polled> polling = orders.polling(intake);
      await().until(intake::waiting);
      long before = live();
      while (intake.bytes() < bytes / 2) {
        intake.room();
        await().pollInterval(1, TimeUnit.MILLISECONDS).until(intake::waiting);
      }
      assertThat(live() - before).as("live bytes in the midst").isLessThan(8L << 20);

      intake.empty();
      await().atMost(5, TimeUnit.MINUTES).until(polling::isComplete);
      assertThat(polling.succeeded()).isTrue();
      assertThat(intake.count()).isEqualTo(records + 1);
      assertThat(intake.mostBytes()).isLessThan(300 << 10);
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
      System.out.printf("%d MiB in %d ms%n", bytes >> 20, millis);
    }
  }

  /** Bytes of the heap that are reachable. */
  private static long live() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  @Test
  void areNotReadOnWhileThereIsNoRoom(Vertx vertx) {
    long records = (64L << 20) / RECORD;
    Api api = api(vertx, records);
    FakeIntake intake = new FakeIntake(Cursor.START, 64 << 10, 1 << 20).counting().full();
    try (HttpPolling orders = new HttpPolling(vertx, api.port(), ITEMS)) {
      Future<Polled> polling = orders.polling(intake);
      await().until(intake::waiting);
      long[] before = {-1};
      await()
          .pollInterval(200, TimeUnit.MILLISECONDS)
          .until(
              () -> {
                boolean still = before[0] == sent.get();
                before[0] = sent.get();
                return still;
              });
      assertThat(sent.get() * RECORD).as("what lies in sockets").isLessThan(24L << 20);
      assertThat(intake.puts()).isEqualTo(1);

      intake.empty();
      Loop.wait(polling);
      assertThat(intake.count()).isEqualTo(records + 1);
    }
  }

  /** Sends one record of so many bytes, as fast as it is read. */
  private Api recordOf(Vertx vertx, long bytes) {
    Buffer some = Buffer.buffer("x".repeat(RECORD * AT_ONCE));
    return Api.of(
        vertx,
        request -> {
          HttpServerResponse response = request.response().setChunked(true);
          response.exceptionHandler(closed -> {});
          response.putHeader("content-type", "application/json").write("{\"data\":{\"items\":[\"");
          response.drainHandler(more -> fillRecord(response, some, bytes));
          fillRecord(response, some, bytes);
        });
  }

  private void fillRecord(HttpServerResponse response, Buffer some, long bytes) {
    while (!response.ended() && !response.closed() && !response.writeQueueFull()) {
      if (sent.get() < bytes) {
        sent.addAndGet(some.length());
        response.write(some);
      } else {
        response.end("\"]},\"next\":null}");
      }
    }
  }

  @Test
  void ofOneLargeRecordAreReadOnOnlyAsFarAsThereIsRoomForIt(Vertx vertx) {
    long record = 40L << 20;
    Api api = recordOf(vertx, record);
    FakeIntake intake = new FakeIntake(Cursor.START, 64 << 10, 48 << 20).roomFor(1 << 20);
    try (HttpPolling orders = new HttpPolling(vertx, api.port(), ITEMS)) {
      Future<Polled> polling = orders.polling(intake);
      await().until(intake::waiting);
      assertThat(intake.mostGathered()).isBetween(1L << 20, (1L << 20) + (256 << 10));
      assertThat(intake.puts()).isZero();

      intake.roomFor(record + (1 << 20)).empty();
      await().atMost(30, TimeUnit.SECONDS).until(polling::isComplete);
      assertThat(polling.succeeded()).isTrue();
      assertThat(intake.each()).hasSize(1);
      assertThat(intake.each().get(0).payload().remaining()).isEqualTo(record + 2);
      assertThat(intake.mostGathered()).isGreaterThan(record - (256 << 10));
    }
  }

  @Test
  void ofOneLargeRecordEndWhenThereIsNoRoomForIt(Vertx vertx) {
    Api api = recordOf(vertx, 40L << 20);
    FakeIntake intake = new FakeIntake(Cursor.START, 64 << 10, 48 << 20).roomFor(1 << 20);
    IllegalStateException full = new IllegalStateException("no more");
    try (HttpPolling orders = new HttpPolling(vertx, api.port(), ITEMS)) {
      Future<Polled> polling = orders.polling(intake);
      await().until(intake::waiting);
      intake.failing(full);

      await().until(polling::isComplete);
      assertThat(polling.cause()).isSameAs(full);
    }
  }

  @Test
  void endSoonWhenThePollIsToldTo(Vertx vertx) {
    Api api = api(vertx, (64L << 20) / RECORD);
    FakeIntake intake = new FakeIntake(Cursor.START, 64 << 10, 1 << 20).counting().full();
    HttpPolling orders = new HttpPolling(vertx, api.port(), ITEMS);
    Future<Polled> polling = orders.polling(intake);
    await().until(intake::waiting);

    orders.close();

    await().until(polling::isComplete);
    assertThat(polling.failed()).isTrue();
    assertThat(intake.puts()).isEqualTo(1);
    intake.empty();
  }

  @Test
  void endWithTheFailureOfAPut(Vertx vertx) {
    Api api = api(vertx, (64L << 20) / RECORD);
    FakeIntake intake = new FakeIntake(Cursor.START, 64 << 10, 1 << 20).counting().full();
    IllegalStateException full = new IllegalStateException("no more");
    try (HttpPolling orders = new HttpPolling(vertx, api.port(), ITEMS)) {
      Future<Polled> polling = orders.polling(intake);
      await().until(intake::waiting);
      intake.failing(full);

      await().until(polling::isComplete);
      assertThat(polling.cause()).isSameAs(full);
    }
  }
}
