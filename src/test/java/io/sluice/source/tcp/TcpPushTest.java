package io.sluice.source.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.event.Ack;
import io.sluice.event.Batch;
import io.sluice.event.Receipt;
import io.sluice.event.Refusal;
import io.sluice.harness.MaxLog;
import io.sluice.harness.SluiceExtension;
import io.sluice.source.FakeStream;
import io.vertx.core.Promise;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.event.Level;

/** Records over real sockets. */
@ExtendWith(SluiceExtension.class)
@MaxLog(Level.WARN)
class TcpPushTest {
  @Test
  void takesALineAsAnEvent() {
    try (PushServer server = PushServer.start(s -> {});
        TcpClient client = server.connect()) {
      client.send("one\ntwo\nthr").send("ee\n");
      await().until(() -> server.stream.events().size() == 3);
      assertThat(server.stream.events()).containsExactly("one", "two", "three");
      Batch batch = server.stream.batches().get(0);
      assertThat(batch.lines()).isTrue();
      assertThat(batch.origin().source()).isEqualTo("devices");
      assertThat(batch.origin().contentType()).isEqualTo("text/plain");
    }
  }

  @Test
  void takesCloudEventsAndCountsWhatIsNone() {
    String event =
        "{\"specversion\":\"1.0\",\"id\":\"%d\",\"source\":\"s\",\"type\":\"t\",\"data\":[%d]}%n";
    try (PushServer server =
            PushServer.start(
                s -> {
                  s.accept = Accept.CLOUDEVENTS;
                  s.onBadFrame = OnBadFrame.SKIP;
                });
        TcpClient client = server.connect()) {
      client.send(event.formatted(1, 1) + "{\"id\":\"2\"}\n" + event.formatted(3, 3));
      await().until(() -> server.stream.events().size() == 2);
      assertThat(server.stream.events()).containsExactly("[1]", "[3]");
      assertThat(server.stream.batches())
          .flatExtracting(batch -> batch.columns().ids())
          .containsExactly("1", "3");
      assertThat(server.refused("invalid-cloudevent")).isEqualTo(1);
    }
  }

  @Test
  void stripsCarriageReturnsAndSkipsEmptyLines() {
    try (PushServer server = PushServer.start(s -> {});
        TcpClient client = server.connect()) {
      client.send("\r\none\r\n\n\ntwo\n\r\nthree\r").send("\n").end();
      assertThat(client.rest()).isEmpty();
      assertThat(server.stream.events()).containsExactly("one", "two", "three");
      assertThat(server.stream.batches()).allMatch(Batch::lines);
      assertThat(server.refused("incomplete")).isZero();
    }
  }

  @Test
  void dropsAndCountsALastLineWithoutEnd() {
    try (PushServer server = PushServer.start(s -> s.receipts = true);
        TcpClient client = server.connect()) {
      client.send("one\ntwo").end();
      assertThat(client.rest()).isEqualTo("1\n");
      assertThat(server.stream.events()).containsExactly("one");
      assertThat(server.refused("incomplete")).isEqualTo(1);
    }
  }

  @Test
  void takesALastLineWithoutEndWhereWanted() {
    try (PushServer server =
            PushServer.start(
                s -> {
                  s.receipts = true;
                  s.lastLine = LastLine.TAKE;
                });
        TcpClient client = server.connect()) {
      client.send("one\ntwo\r").end();
      assertThat(client.rest()).endsWith("2\n");
      assertThat(server.stream.events()).containsExactly("one", "two");
      assertThat(server.refused("incomplete")).isZero();
    }
  }

  @Test
  void takesRecordsBehindTheirLengths() {
    try (PushServer server =
            PushServer.start(
                s -> {
                  s.framing = FramingKind.LENGTH;
                  s.length = new LengthPrefix(2, LengthPrefix.Order.LITTLE);
                });
        TcpClient client = server.connect()) {
      ByteBuffer bytes = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
      bytes.putShort((short) 3).put(new byte[] {'a', '\n', 'b'});
      bytes.putShort((short) 1).put((byte) 'c');
      client.send(bytes.array(), 0, bytes.position()).end();
      assertThat(client.rest()).isEmpty();
      assertThat(server.stream.events()).containsExactly("a\nb", "c");
      assertThat(server.stream.batches().get(0).lines()).isFalse();
      assertThat(server.stream.batches().get(0).origin().contentType())
          .isEqualTo("application/octet-stream");
    }
  }

  @Test
  void takesOctetCountedRecords() {
    try (PushServer server = PushServer.start(s -> s.framing = FramingKind.OCTET_COUNTING);
        TcpClient client = server.connect()) {
      client.send("9 <34>1 one11 <34>1 two\n3").end();
      assertThat(client.rest()).isEmpty();
      assertThat(server.stream.events()).containsExactly("<34>1 one", "<34>1 two\n3");
    }
  }

  @Test
  void checksJsonAndLaysItInLines() {
    try (PushServer server =
            PushServer.start(
                s -> {
                  s.accept = Accept.JSON;
                  s.framing = FramingKind.LENGTH;
                  s.length = new LengthPrefix(1, LengthPrefix.Order.BIG);
                });
        TcpClient client = server.connect()) {
      client.send("\u0008{\n\"a\":1}").send("\u0005 [2] ").end();
      assertThat(client.rest()).isEmpty();
      assertThat(server.stream.events()).containsExactly("{ \"a\":1}", "[2]");
      assertThat(server.stream.batches()).allMatch(Batch::lines);
      assertThat(server.stream.batches().get(0).origin().contentType())
          .isEqualTo("application/json");
    }
  }

  @Test
  void saysHowManyEventsAreKeptWheneverMoreAre() {
    try (PushServer server =
            PushServer.start(
                s -> {
                  s.receipts = true;
                  s.ack = Ack.DELIVERED;
                });
        TcpClient client = server.connect()) {
      Queue<Promise<Receipt>> receipts = new ConcurrentLinkedQueue<>();
      Queue<Ack> asked = new ConcurrentLinkedQueue<>();
      server.stream.answering(
          (batch, ack) -> {
            asked.add(ack);
            Promise<Receipt> receipt = Promise.promise();
            receipts.add(receipt);
            return receipt.future();
          });
      client.send("a\nb\n");
      await().until(() -> receipts.size() == 1);
      client.send("c\n");
      await().until(() -> receipts.size() == 2);
      Promise<Receipt> first = receipts.remove();
      // The second is kept first: that alone says nothing to a client that counts.
      receipts.remove().complete(new Receipt.Kept(Ack.DELIVERED, 1, 0));
      first.complete(new Receipt.Kept(Ack.DELIVERED, 1, 1));
      assertThat(client.line()).isEqualTo("3");
      assertThat(asked).containsOnly(Ack.DELIVERED);
    }
  }

  @Test
  void sendsAllReceiptsAfterTheClientHasEnded() {
    FakeStream stream = new FakeStream(64 << 20);
    Promise<Receipt> receipt = Promise.promise();
    stream.answering((batch, ack) -> receipt.future());
    try (PushServer server = PushServer.start(s -> s.receipts = true, stream);
        TcpClient client = server.connect()) {
      client.send("a\nb\n").end();
      await().until(() -> stream.batches().size() == 1);
      receipt.complete(new Receipt.Kept(Ack.STORED, 2, 0));
      assertThat(client.rest()).isEqualTo("2\n");
    }
  }

  @Test
  void tellsWhyItTakesNoMoreAndCountsNothingBehindARefusal() {
    FakeStream stream = new FakeStream(64 << 20);
    Queue<Promise<Receipt>> receipts = new ArrayDeque<>();
    stream.answering(
        (batch, ack) -> {
          synchronized (receipts) {
            receipts.add(Promise.promise());
            return receipts.size() == 1 ? receipts.element().future() : last(receipts).future();
          }
        });
    try (PushServer server = PushServer.start(s -> s.receipts = true, stream);
        TcpClient client = server.connect()) {
      for (int i = 1; i <= 3; i++) {
        client.send("event\n");
        int sent = i;
        await().until(() -> stream.batches().size() == sent);
      }
      Promise<Receipt> first;
      Promise<Receipt> second;
      Promise<Receipt> third;
      synchronized (receipts) {
        first = receipts.remove();
        second = receipts.remove();
        third = receipts.remove();
      }
      first.complete(new Receipt.Kept(Ack.STORED, 1, 0));
      assertThat(client.line()).isEqualTo("1");
      second.complete(
          new Receipt.Refused(Refusal.DISK_FULL, java.time.Duration.ZERO, "The disk is full."));
      third.complete(new Receipt.Kept(Ack.STORED, 1, 0));
      assertThat(client.rest()).isEqualTo("ERR disk-full The disk is full.\n");
      assertThat(server.refused("disk-full")).isEqualTo(1);
    }
  }

  private static Promise<Receipt> last(Queue<Promise<Receipt>> receipts) {
    return ((ArrayDeque<Promise<Receipt>>) receipts).peekLast();
  }

  @Test
  void letsEverythingTakenReachItsReceiptBeforeItStops() {
    FakeStream stream = new FakeStream(64 << 20);
    Promise<Receipt> receipt = Promise.promise();
    stream.answering((batch, ack) -> receipt.future());
    try (PushServer server = PushServer.start(s -> s.receipts = true, stream);
        TcpClient client = server.connect()) {
      client.send("a\nb\nc");
      await().until(() -> stream.batches().size() == 1);
      var stopped = server.source.stop();
      receipt.complete(new Receipt.Kept(Ack.STORED, 2, 0));
      assertThat(client.rest()).isEqualTo("2\nERR draining The gateway is shutting down.\n");
      stopped.timeout(5, java.util.concurrent.TimeUnit.SECONDS).await();
      assertThat(stream.held()).isZero();
      assertThat(stream.openInlets()).isZero();
    }
  }
}
