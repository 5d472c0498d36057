package io.sluice.source.poll;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.sluice.connector.Standing;
import io.sluice.telemetry.Label;
import io.sluice.telemetry.Metric;
import io.sluice.telemetry.Readings;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What can happen to every pull source. Counts on its event loop; scraped from any. */
final class PollTelemetry {
  private final MeterRegistry meters;
  private final Tag source;
  private final Counter events;
  private final Counter bytes;
  private final Timer ack;
  private final Timer polls;
  private final Counter more;
  private final Counter requests;
  private final Counter received;
  private final Optional<Counter> missed;
  private final Readings readings;
  private volatile long interval;
  private volatile boolean well = true;

  /**
   * Nothing happened yet.
   *
   * @param reconciles whether the source looks for what another one has missed
   */
  PollTelemetry(String name, MeterRegistry meters, boolean reconciles) {
    this.meters = meters;
    this.source = Label.SOURCE.of(name);
    this.events = Metric.EVENTS.counter(meters, source);
    this.bytes = Metric.BYTES.counter(meters, source);
    this.ack = Metric.ACK.timer(meters, source);
    this.polls = Metric.POLL.timer(meters, source);
    this.more = Metric.POLLS_MORE.counter(meters, source);
    this.requests = Metric.POLL_REQUESTS.counter(meters, source);
    this.received = Metric.POLL_RECEIVED.counter(meters, source);
    this.readings = new Readings(meters);
    readings.add(Metric.POLL_WELL.gauge(meters, () -> well ? 1 : 0, source));
    this.missed =
        reconciles ? Optional.of(Metric.MISSED_BY_PUSH.counter(meters, source)) : Optional.empty();
  }

  /** Shows in a scrape how the source stands, and its interval where there is one. */
  void standing(Standing now) {
    boolean first = interval == 0;
    well = now.trouble().isEmpty();
    interval = now.interval().map(Duration::toNanos).orElse(0L);
    if (first && interval != 0) {
      readings.add(Metric.POLL_INTERVAL.timeGauge(meters, () -> interval, source));
    }
  }

  /** Shows it no more: another one may come in its place. */
  void close() {
    readings.end();
  }

  /** A receipt came: {@code fresh} events of a batch are new to the stream. */
  void kept(int fresh, int howManyBytes, long nanos) {
    events.increment(fresh);
    bytes.increment(howManyBytes);
    ack.record(nanos, TimeUnit.NANOSECONDS);
    missed.ifPresent(counter -> counter.increment(fresh));
  }

  /** A poll is over. */
  void polled(String outcome, Duration took) {
    Metric.POLLS.counter(meters, source, Label.OUTCOME.of(outcome)).increment();
    polls.record(took);
  }

  /** A poll left more behind. */
  void more() {
    more.increment();
  }

  /** A poll failed; what is wrong with the upstream, or why the stream refused. */
  void failed(String reason) {
    Metric.POLL_FAILURES.counter(meters, source, Label.REASON.of(reason)).increment();
  }

  /** A stream did not take a batch. */
  void refused(String reason) {
    Metric.REFUSED.counter(meters, source, Label.REASON.of(reason)).increment();
  }

  /** A tick came at which nothing was asked. */
  void skipped(String reason) {
    Metric.POLLS_SKIPPED.counter(meters, source, Label.REASON.of(reason)).increment();
  }

  /** A host was asked and has answered so many bytes. */
  void asked(long howManyBytes) {
    requests.increment();
    received.increment((double) howManyBytes);
  }

  /** A cursor was written, or not. */
  void committed(String outcome) {
    Metric.CURSOR_COMMITS.counter(meters, source, Label.OUTCOME.of(outcome)).increment();
  }
}
