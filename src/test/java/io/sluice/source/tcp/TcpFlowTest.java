package io.sluice.source.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.auth.QuotaConfig;
import io.sluice.event.Batch;
import io.sluice.event.Receipt;
import io.sluice.harness.MaxLog;
import io.sluice.harness.Seeds;
import io.sluice.harness.SluiceExtension;
import io.sluice.source.FakeStream;
import io.vertx.core.Promise;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.event.Level;

/** Bytes in pieces of any size, and streams that are slower than their clients. */
@ExtendWith(SluiceExtension.class)
@MaxLog(Level.WARN)
class TcpFlowTest {
  static LongStream seeds() {
    return Seeds.fresh(12);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void theSameBytesGiveTheSameEventsHoweverTheyAreCut(long seed) {
    Random random = new Random(seed);
    FramingKind framing = List.of(FramingKind.values()).get(random.nextInt(3));
    boolean json = random.nextBoolean();
    List<String> events = new ArrayList<>();
    byte[] bytes = stream(framing, json, events, random);
    FakeStream stream = new FakeStream(random.nextBoolean() ? 64 << 20 : 40_000).capped();
    try (PushServer server =
            PushServer.start(
                s -> {
                  s.framing = framing;
                  s.receipts = true;
                  s.accept = json ? Accept.JSON : Accept.ANY;
                },
                stream);
        TcpClient client = server.connect()) {
      int longest = 1 << random.nextInt(16);
      for (int at = 0; at < bytes.length; ) {
        int step = Math.min(bytes.length - at, 1 + random.nextInt(longest));
        client.send(bytes, at, step);
        at += step;
      }
      client.end();
      String said = client.rest();
      assertThat(said.lines().reduce((a, b) -> b)).contains(Integer.toString(events.size()));
      assertThat(stream.events()).isEqualTo(events);
      assertThat(stream.batches())
          .allMatch(batch -> batch.lines() == (json || framing == FramingKind.NEWLINE));
      await().until(() -> stream.held() == 0);
    }
  }

  @Test
  void whoeverIsOverQuotaIsReadMoreSlowlyOnEveryConnection() {
    FakeStream stream = new FakeStream(64 << 20);
    try (PushServer server =
            PushServer.start(
                s -> {
                  s.recordWithin = Duration.ofMillis(200);
                  s.quota =
                      Optional.of(
                          new QuotaConfig(
                              Optional.of(10),
                              Optional.empty(),
                              Duration.ofSeconds(1),
                              Optional.empty()));
                },
                stream);
        TcpClient client = server.connect()) {
      long began = System.nanoTime();
      client.send("many\n".repeat(20) + "unfin");
      await().until(() -> stream.events().size() == 20);
      client.send("ished\n");
      try (TcpClient other = server.connect()) {
        other.send("late\n");
        await().until(() -> stream.events().size() == 22);
      }

      assertThat(System.nanoTime() - began).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(900));
      assertThat(stream.events().subList(20, 22)).containsExactlyInAnyOrder("unfinished", "late");
    }
  }

  private static byte[] stream(
      FramingKind framing, boolean json, List<String> events, Random random) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int count = 1 + random.nextInt(300);
    for (int i = 0; i < count; i++) {
      String text = "é".repeat(random.nextInt(random.nextInt(20) == 0 ? 4000 : 40)) + i;
      String event = json ? "{\"a\":\"" + text + "\"}" : text;
      events.add(event);
      byte[] payload = event.getBytes(StandardCharsets.UTF_8);
      switch (framing) {
        case NEWLINE -> {
          out.writeBytes("\n".repeat(random.nextInt(2)).getBytes(StandardCharsets.US_ASCII));
          out.writeBytes(payload);
          out.writeBytes(
              (random.nextBoolean() ? "\r\n" : "\n").getBytes(StandardCharsets.US_ASCII));
        }
        case LENGTH -> {
          out.writeBytes(ByteBuffer.allocate(4).putInt(payload.length).array());
          out.writeBytes(payload);
        }
        case OCTET_COUNTING -> {
          out.writeBytes((payload.length + " ").getBytes(StandardCharsets.US_ASCII));
          out.writeBytes(payload);
        }
      }
    }
    return out.toByteArray();
  }

  @Test
  void aStreamWithoutRoomHoldsClientsUpAndLosesNothing() throws InterruptedException {
    FakeStream stream = new FakeStream(256 << 10).capped();
    Queue<Promise<Receipt>> waiting = new ConcurrentLinkedQueue<>();
    Queue<Batch> stalled = new ConcurrentLinkedQueue<>();
    stream.answering(
        (batch, ack) -> {
          stalled.add(batch);
          Promise<Receipt> receipt = Promise.promise();
          waiting.add(receipt);
          return receipt.future();
        });
    int clients = 20;
    int each = 20_000;
    AtomicLong sent = new AtomicLong();
    try (PushServer server = PushServer.start(s -> s.receipts = true, stream)) {
      List<TcpClient> open = new ArrayList<>();
      List<Thread> threads = new ArrayList<>();
      byte[] lines = ("x".repeat(99) + "\n").repeat(each).getBytes(StandardCharsets.US_ASCII);
      for (int i = 0; i < clients; i++) {
        TcpClient client = server.connect();
        open.add(client);
        Thread thread =
            new Thread(
                () -> {
                  for (int at = 0; at < lines.length; at += 10_000) {
                    client.send(lines, at, 10_000);
                    sent.addAndGet(10_000);
                  }
                  client.end();
                });
        thread.start();
        threads.add(thread);
      }
      await().until(() -> stream.held() > 100_000);
      long before;
      do {
        before = sent.get();
        Thread.onSpinWait();
        java.util.concurrent.locks.LockSupport.parkNanos(300_000_000);
      } while (sent.get() != before);
      assertThat(stream.mostHeld()).isLessThanOrEqualTo(256 << 10);
      assertThat(server.refused("idle")).isZero();

      stream.answering(
          (batch, ack) ->
              io.vertx.core.Future.succeededFuture(new Receipt.Kept(ack, batch.size(), 0)));
      for (Promise<Receipt> receipt : waiting) {
        receipt.complete(new Receipt.Kept(io.sluice.event.Ack.STORED, stalled.remove().size(), 0));
      }
      for (TcpClient client : open) {
        assertThat(client.rest()).endsWith(each + "\n");
        client.close();
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(stream.events()).hasSize(clients * each);
      assertThat(stream.mostHeld()).isLessThanOrEqualTo(256 << 10);
      await().until(() -> stream.held() == 0);
    }
  }

  @Test
  void unfinishedLongRecordsTakeRoomAndShortOnesDoNot() {
    FakeStream stream = new FakeStream(1 << 20);
    try (PushServer server = PushServer.start(s -> s.receipts = true, stream);
        TcpClient big = server.connect();
        TcpClient small = server.connect()) {
      small.send("y".repeat(3000));
      big.send("x".repeat(300_000));
      await().until(() -> stream.held() >= 300_000);
      assertThat(stream.held()).isLessThan(500_000);
      big.send("\n");
      assertThat(big.line()).isEqualTo("1");
      await().until(() -> stream.held() == 0);
      small.send("\n");
      assertThat(small.line()).isEqualTo("1");
    }
  }
}
