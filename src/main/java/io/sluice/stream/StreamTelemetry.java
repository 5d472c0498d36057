package io.sluice.stream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.event.Batch;
import io.sluice.event.Position;
import io.sluice.event.Refusal;
import io.sluice.telemetry.Label;
import io.sluice.telemetry.Metric;
import io.sluice.telemetry.Readings;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What can happen in a stream, counted; and its state, published for readers on any thread. */
final class StreamTelemetry {
  private static final Logger LOG = LoggerFactory.getLogger(StreamTelemetry.class);

  private static final long QUIET_NANOS = 10_000_000_000L;

  private final String stream;
  private final MeterRegistry meters;
  private final Counter events;
  private final Counter bytes;
  private final Arrivals arrivals;
  private final Counter shortened;
  private final Readings readings;
  private final Map<String, Readings> lags = new ConcurrentHashMap<>();
  private long shortenedToldAt = System.nanoTime() - QUIET_NANOS;
  private volatile Remembers remembers = new Remembers(0, 0, 0, 0);
  private long droppedToldAt = System.nanoTime() - QUIET_NANOS;
  private volatile StreamState state = StreamState.NONE;

  StreamTelemetry(MeterRegistry meters, String stream, boolean dedupe) {
    this.stream = stream;
    this.meters = meters;
    this.events = Metric.EVENTS.counter(meters, Label.STREAM.of(stream));
    this.bytes = Metric.BYTES.counter(meters, Label.STREAM.of(stream));
    this.arrivals = new Arrivals(stream, meters);
    this.shortened = Metric.DEDUPE_SHORTENED.counter(meters, Label.STREAM.of(stream));
    this.readings = new Readings(meters);
    readings.add(Metric.CREDIT.gauge(meters, () -> state.granted(), Label.STREAM.of(stream)));
    readings.add(Metric.STREAM_BYTES.gauge(meters, () -> state.bytes(), Label.STREAM.of(stream)));
    readings.add(
        Metric.STREAM_PARKED.gauge(meters, () -> state.parkedBytes(), Label.STREAM.of(stream)));
    readings.add(
        Metric.SESSIONS.gauge(meters, () -> remembers.sessions(), Label.STREAM.of(stream)));
    if (dedupe) {
      readings.add(
          Metric.DEDUPE_KEYS.gauge(meters, () -> remembers.keys(), Label.STREAM.of(stream)));
      readings.add(
          Metric.DEDUPE_SPAN.timeGauge(
              meters, () -> remembers.spanMillis() * 1_000_000, Label.STREAM.of(stream)));
    }
  }

  /** A sink takes from the stream from now on. */
  void feeds(String sink) {
    Readings lag = new Readings(meters);
    lag.add(
        Metric.STREAM_LAG_EVENTS.gauge(
            meters, () -> state.lag(sink), Label.STREAM.of(stream), Label.SINK.of(sink)));
    lag.add(
        Metric.STREAM_LAG.timeGauge(
            meters,
            () -> state.age(sink).orElse(Duration.ZERO).toNanos(),
            Label.STREAM.of(stream),
            Label.SINK.of(sink)));
    lags.put(sink, lag);
  }

  /** A sink takes no more. */
  void feedsNoMore(String sink) {
    Readings lag = lags.remove(sink);
    if (lag != null) {
      lag.end();
    }
  }

  /** The stream is over. */
  void end() {
    List.copyOf(lags.keySet()).forEach(this::feedsNoMore);
    readings.end();
  }

  /**
   * Events are in the log.
   *
   * @param elsewhere places of those that do not count
   * @param now the wall clock, milliseconds
   */
  void kept(Batch batch, BitSet elsewhere, long now) {
    int left = batch.bytes();
    for (int at = elsewhere.nextSetBit(0); at >= 0; at = elsewhere.nextSetBit(at + 1)) {
      left -= batch.end(at) - batch.start(at);
    }
    int fresh = batch.size() - elsewhere.cardinality();
    events.increment(fresh);
    bytes.increment(left);
    if (fresh > 0) {
      arrivals.kept(batch, now);
    }
  }

  /** Events of a source were there already. */
  void duplicates(String source, int events) {
    if (events > 0) {
      arrivals.repeated(source, events);
    }
  }

  void refused(Refusal why) {
    Metric.REFUSED
        .counter(meters, Label.STREAM.of(stream), Label.REASON.of(why.word()))
        .increment();
  }

  /** What the stream remembers, at some moment. */
  private record Remembers(int sessions, long keys, long spanMillis, long shortened) {}

  /** Told every second or so. */
  void remembers(Memory memory, long nowMillis) {
    long more = memory.shortened() - remembers.shortened();
    remembers =
        new Remembers(memory.sessions(), memory.keys(), memory.span(nowMillis), memory.shortened());
    if (more > 0) {
      shortened.increment((double) more);
      long now = System.nanoTime();
      if (now - shortenedToldAt >= QUIET_NANOS) {
        shortenedToldAt = now;
        LOG.atWarn()
            .addKeyValue("stream", stream)
            .addKeyValue("keys", memory.keys())
            .addKeyValue("sessions", memory.sessions())
            .addKeyValue("rememberedSeconds", memory.span(nowMillis) / 1000)
            .log("too much to remember, the oldest is forgotten before its time");
      }
    }
  }

  /** Events that not every sink may have had were given up for newer ones; told now and then. */
  void dropped(Position until) {
    long now = System.nanoTime();
    if (now - droppedToldAt < QUIET_NANOS) {
      return;
    }
    droppedToldAt = now;
    LOG.atWarn()
        .addKeyValue("stream", stream)
        .addKeyValue("until", until)
        .log("oldest events dropped");
  }

  /** Replicas agreed on events; nanoseconds since they were asked. */
  void agreed(long nanos) {
    Metric.AGREEMENT.timer(meters, Label.STREAM.of(stream)).record(nanos, TimeUnit.NANOSECONDS);
  }

  void publish(StreamState now) {
    state = now;
  }

  StreamState state() {
    return state;
  }
}
