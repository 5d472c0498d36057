package io.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.config.ByteSize;
import io.sluice.connector.NoRoomException;
import io.sluice.event.Ack;
import io.sluice.event.Position;
import io.sluice.event.Receipt;
import io.sluice.flow.Flow;
import io.sluice.flow.Inlets;
import io.sluice.flow.StreamInlet;
import io.sluice.harness.Loop;
import io.sluice.journal.Journal;
import io.sluice.sink.Deliveries;
import io.sluice.stream.StreamSettings.Buffer;
import io.sluice.stream.StreamSettings.Retain;
import io.sluice.stream.StreamSettings.WhenFull;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/**
 * A stream on the real bus and a real disk, and an inlet to it; with what tests of it say often.
 */
final class StreamRig {
  static final ByteSize MEBI = ByteSize.parse("1MiB");
  static final long BUDGET = 4 << 20;

  private final Vertx vertx;
  private final Path directory;
  private final Loop source;
  private final List<IOException> diskFailures = new ArrayList<>();
  private StreamInlet inlet;
  private Stream stream;

  StreamRig(Vertx vertx, Path directory) {
    this.vertx = vertx;
    this.directory = directory;
    Flow.install(vertx);
    this.source = Loop.of(vertx);
  }

  Vertx vertx() {
    return vertx;
  }

  Loop source() {
    return source;
  }

  StreamInlet inlet() {
    return inlet;
  }

  Stream stream() {
    return stream;
  }

  /** A place in what the stream holds. */
  Position at(long ordinal) {
    return new Position(stream.state().next().epoch(), ordinal);
  }

  /** Stops all there is; no disk may have failed. */
  void close() {
    if (stream != null) {
      Loop.wait(stream.stop());
    }
    Loop.undeployAll(vertx);
    assertThat(diskFailures).isEmpty();
  }

  static StreamSettings settings(Buffer buffer, WhenFull whenFull, ByteSize most) {
    return settings(buffer, whenFull, most, Optional.empty());
  }

  static StreamSettings settings(
      Buffer buffer, WhenFull whenFull, ByteSize most, Optional<Retain> retain) {
    return new StreamSettings(
        buffer,
        Optional.of(most),
        whenFull,
        retain,
        Sync.ALWAYS,
        ByteSize.parse("64MiB"),
        Optional.empty(),
        Optional.empty());
  }

  static StreamSettings roomy(Buffer buffer) {
    return settings(buffer, WhenFull.BLOCK, ByteSize.parse("256MiB"));
  }

  Stream stream(String name, StreamSettings settings, String... sinks) {
    return new Stream(
        vertx,
        name,
        settings,
        List.of(sinks),
        Journal::open,
        directory.resolve(name),
        Optional.empty(),
        new SimpleMeterRegistry(),
        Clock.systemUTC(),
        diskFailures::add);
  }

  void start(StreamSettings settings, String... sinks) {
    stream = stream("events", settings, sinks);
    Loop.wait(stream.start());
    inlet = source.call(() -> new Inlets(vertx).open("events"));
  }

  void restart(StreamSettings settings, String... sinks) {
    source.await(inlet::close);
    Loop.wait(stream.stop());
    start(settings, sinks);
  }

  static String event(int number, int size) {
    String start = "{\"n\":" + number + ",\"x\":\"";
    return start + "x".repeat(Math.max(0, size - start.length() - 2)) + "\"}";
  }

  static List<String> events(int from, int to, int size) {
    return IntStream.range(from, to).mapToObj(n -> event(n, size)).toList();
  }

  Future<Receipt> put(StreamInlet into, Ack ack, Duration wait, String... events) {
    var batch = Deliveries.lines(events);
    return source.later(
        () -> into.reserve(batch.weight(), wait).compose(room -> room.put(batch, ack)));
  }

  Future<Receipt> put(Ack ack, String... events) {
    return put(inlet, ack, Duration.ofSeconds(20), events);
  }

  Receipt.Refused refused(Future<Receipt> put) {
    try {
      return (Receipt.Refused) Loop.wait(put);
    } catch (NoRoomException none) {
      return none.refused();
    }
  }

  void fill(int from, int to, int size) {
    for (Future<Receipt> receipt :
        events(from, to, size).stream().map(event -> put(Ack.ACCEPTED, event)).toList()) {
      assertThat(Loop.wait(receipt)).isInstanceOf(Receipt.Kept.class);
    }
  }

  static ConditionFactory soon() {
    return Awaitility.await().atMost(Duration.ofSeconds(20));
  }
}
