package io.sluice.stream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.sluice.event.Batch;
import io.sluice.event.Refusal;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What can happen in a stream, counted; and its state, published for readers on any thread. */
final class StreamTelemetry {
  private final String stream;
  private final MeterRegistry meters;
  private final Counter events;
  private final Counter bytes;
  private volatile StreamState state = StreamState.NONE;

  StreamTelemetry(MeterRegistry meters, String stream, List<String> sinks) {
    this.stream = stream;
    this.meters = meters;
    Tags tags = Tags.of("stream", stream);
    this.events = meters.counter("sluice.stream.events", tags);
    this.bytes = meters.counter("sluice.stream.bytes", tags);
    gauge("sluice.credit.bytes", tags, now -> now.granted());
    gauge("sluice.stream.size.bytes", tags, now -> now.bytes());
    for (String sink : sinks) {
      Tags both = tags.and("sink", sink);
      gauge("sluice.stream.lag.events", both, now -> of(now, sink, now::lag));
      FunctionCounter.builder(
              "sluice.stream.lost", this, self -> of(self.state, sink, StreamState.FeedState::lost))
          .tags(both)
          .register(meters);
    }
  }

  private void gauge(String name, Tags tags, ToDoubleFunction<StreamState> value) {
    Gauge.builder(name, this, self -> value.applyAsDouble(self.state)).tags(tags).register(meters);
  }

  private static double of(
      StreamState state, String sink, ToDoubleFunction<StreamState.FeedState> value) {
    return state.feeds().stream().filter(feed -> feed.sink().equals(sink)).mapToDouble(value).sum();
  }

  void kept(Batch batch) {
    events.increment(batch.size());
    bytes.increment(batch.bytes());
  }

  void refused(Batch batch, Refusal why) {
    meters
        .counter("sluice.refused", Tags.of("stream", stream, "reason", why.word()))
        .increment(batch.size());
  }

  void publish(StreamState now) {
    state = now;
  }

  StreamState state() {
    return state;
  }
}
