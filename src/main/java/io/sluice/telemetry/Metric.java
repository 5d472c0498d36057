package io.sluice.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * Every metric of the gateway: its name, what it means, which labels it has. Operators build alerts
 * on the names, so they are changed like an API.
 *
 * <p>A Prometheus registry takes only meters of one name that have the same labels, and drops the
 * others. So each meter made here has all labels of its metric; those not given are empty, which
 * Prometheus reads as absent.
 */
public enum Metric {
  EVENTS(
      Kind.COUNTER,
      "sluice.events",
      "",
      "Events a source took, a stream kept or a sink delivered.",
      Label.SOURCE,
      Label.STREAM,
      Label.SINK),
  BYTES(
      Kind.COUNTER,
      "sluice.bytes",
      "",
      "Payload bytes a source took, a stream kept or a sink delivered.",
      Label.SOURCE,
      Label.STREAM,
      Label.SINK),
  REFUSED(
      Kind.COUNTER,
      "sluice.refused",
      "",
      "Requests, messages, frames or batches that were not taken, or deliveries refused.",
      Label.SOURCE,
      Label.STREAM,
      Label.SINK,
      Label.REASON),
  DUPLICATES(
      Kind.COUNTER,
      "sluice.duplicates",
      "",
      "Events a stream left out because it had them already.",
      Label.SOURCE,
      Label.STREAM),
  CONNECTIONS(
      Kind.GAUGE,
      "sluice.connections",
      "",
      "Connections open now, from their first request on.",
      Label.LISTEN),
  SESSIONS(
      Kind.GAUGE,
      "sluice.sessions",
      "",
      "Client sessions whose progress a stream remembers.",
      Label.STREAM),
  DEDUPE_KEYS(
      Kind.GAUGE,
      "sluice.dedupe.keys",
      "",
      "Keys of events a stream remembers to leave out repeats.",
      Label.STREAM),
  DEDUPE_SPAN(
      Kind.TIME_GAUGE,
      "sluice.dedupe.span",
      "",
      "Age of the oldest key a stream remembers.",
      Label.STREAM),
  DEDUPE_SHORTENED(
      Kind.COUNTER,
      "sluice.dedupe.shortened",
      "",
      "Keys and sessions forgotten before their time because there were too many.",
      Label.STREAM),
  CREDIT(
      Kind.GAUGE,
      "sluice.credit",
      "bytes",
      "Credit granted and not used yet.",
      Label.SOURCE,
      Label.STREAM),
  STREAM_LAG_EVENTS(
      Kind.GAUGE,
      "sluice.stream.lag.events",
      "",
      "Events of the stream that the sink does not have yet.",
      Label.STREAM,
      Label.SINK),
  STREAM_LAG(
      Kind.TIME_GAUGE,
      "sluice.stream.lag",
      "",
      "Age of the oldest event of the stream that the sink does not have yet.",
      Label.STREAM,
      Label.SINK),
  STREAM_BYTES(
      Kind.GAUGE, "sluice.stream.size", "bytes", "What the stream holds now.", Label.STREAM),
  STREAM_PARKED(
      Kind.GAUGE,
      "sluice.stream.parked",
      "bytes",
      "What the stream keeps for sinks that take from it no more, beyond what the others need.",
      Label.STREAM),
  FRESHNESS(
      Kind.TIMER,
      "sluice.freshness",
      "",
      "Until a sink had an event, from the moment it was received; and until a stream had one of a"
          + " source, from the moment it happened or, when its sender did not say, was received.",
      Label.SOURCE,
      Label.STREAM,
      Label.SINK),
  ACK(
      Kind.TIMER,
      "sluice.ack",
      "",
      "From a batch being put into the stream until its receipt.",
      Label.SOURCE,
      Label.STREAM),
  SINK_DELIVERY(
      Kind.TIMER, "sluice.sink.delivery", "", "One attempt to deliver.", Label.SINK, Label.OUTCOME),
  SINK_COMMIT(
      Kind.TIMER,
      "sluice.sink.commit",
      "",
      "Time to force written files and their positions to disk.",
      Label.SINK),
  SINK_FILES_OPENED(
      Kind.COUNTER, "sluice.sink.files.opened", "", "Files opened for writing.", Label.SINK),
  SINK_RETRIES(Kind.COUNTER, "sluice.sink.retries", "", "Deliveries tried once more.", Label.SINK),
  DEAD_LETTERS(
      Kind.COUNTER,
      "sluice.dead.letters",
      "",
      "Events put aside for good.",
      Label.SINK,
      Label.REASON),
  DEAD_LETTERS_BYTES(
      Kind.GAUGE,
      "sluice.dead.letters.size",
      "bytes",
      "What the events put aside take on disk.",
      Label.SINK),
  POLLS(Kind.COUNTER, "sluice.polls", "", "Polls of a pull source.", Label.SOURCE, Label.OUTCOME),
  POLL(
      Kind.TIMER,
      "sluice.poll",
      "",
      "One poll, from its beginning to its last receipt.",
      Label.SOURCE),
  POLLS_MORE(
      Kind.COUNTER, "sluice.polls.more", "", "Polls that left more to read behind.", Label.SOURCE),
  POLLS_SKIPPED(
      Kind.COUNTER,
      "sluice.polls.skipped",
      "",
      "Ticks of a pull source at which its upstream was not asked.",
      Label.SOURCE,
      Label.REASON),
  POLL_FAILURES(
      Kind.COUNTER,
      "sluice.poll.failures",
      "",
      "Polls that failed, by what was wrong.",
      Label.SOURCE,
      Label.REASON),
  POLL_REQUESTS(
      Kind.COUNTER, "sluice.poll.requests", "", "Requests a pull source has made.", Label.SOURCE),
  POLL_RECEIVED(
      Kind.COUNTER,
      "sluice.poll.received.bytes",
      "",
      "What hosts sent to a pull source.",
      Label.SOURCE),
  POLL_INTERVAL(
      Kind.TIME_GAUGE,
      "sluice.poll.interval",
      "",
      "Time from one tick of a pull source to the next, as set or learnt.",
      Label.SOURCE),
  POLL_WELL(
      Kind.GAUGE,
      "sluice.poll.well",
      "",
      "Whether nothing is wrong with a pull source: 1, or 0 while it is degraded or halted.",
      Label.SOURCE),
  CURSOR_COMMITS(
      Kind.COUNTER,
      "sluice.cursor.commits",
      "",
      "Times the cursor of a pull source was to be written.",
      Label.SOURCE,
      Label.OUTCOME),
  LEASES_HELD(
      Kind.GAUGE,
      "sluice.leases.held",
      "",
      "Pull sources that this replica polls, of shared ones."),
  LEASES_RAN_OUT(
      Kind.COUNTER,
      "sluice.leases.ran.out",
      "",
      "Shared leases that could not be renewed in time."),
  REPLICAS(
      Kind.GAUGE,
      "sluice.replicas",
      "",
      "Replicas that share leases and are there, this one included."),
  MISSED_BY_PUSH(
      Kind.COUNTER,
      "sluice.missed.by.push",
      "",
      "Events a pull source found that the push source beside it had not brought.",
      Label.SOURCE),
  JOURNAL_FORCE(
      Kind.TIMER, "sluice.journal.force", "", "One forced write of the journal.", Label.STREAM),
  JOURNAL_COMMITS(
      Kind.COUNTER,
      "sluice.journal.commits",
      "",
      "Groups of batches that were written and answered together.",
      Label.STREAM),
  JOURNAL_BYTES(
      Kind.GAUGE,
      "sluice.journal.size",
      "bytes",
      "What the journal's segments take on disk, room prepared ahead included.",
      Label.STREAM),
  JOURNAL_SEGMENTS(
      Kind.GAUGE, "sluice.journal.segments", "", "Files that hold events.", Label.STREAM),
  AGREEMENT(
      Kind.TIMER,
      "sluice.agreement",
      "",
      "From asking the database that replicas share who has events, to its answer.",
      Label.STREAM),
  JOURNAL_LOST(
      Kind.COUNTER,
      "sluice.journal.lost.events",
      "",
      "Events in damaged frames that were skipped.",
      Label.STREAM),
  SHARED_DATABASE(
      Kind.TIMER,
      "sluice.shared.database",
      "",
      "One call of the database that replicas share.",
      Label.OUTCOME),
  KUBERNETES(Kind.TIMER, "sluice.kubernetes", "", "A request to its API.", Label.OUTCOME),
  CONFIG_GENERATION(
      Kind.GAUGE, "sluice.config.generation", "", "How many configurations were put to work."),
  CONFIG_SINCE(
      Kind.TIME_GAUGE,
      "sluice.config.applied.timestamp",
      "seconds",
      "When the gateway went over to its configuration, since 1970."),
  CONFIG_VALID(
      Kind.GAUGE,
      "sluice.config.valid",
      "",
      "Whether the latest attempt to change the configuration went well: 1 or 0."),
  CONFIG_RELOADS(
      Kind.COUNTER,
      "sluice.config.reloads",
      "",
      "Attempts to change the configuration.",
      Label.OUTCOME);

  private enum Kind {
    COUNTER,
    GAUGE,
    TIME_GAUGE,
    TIMER
  }

  private final Kind kind;
  private final String meter;
  private final String unit;
  private final String meaning;

  // Set.of gives an unmodifiable one; the declared type cannot say so.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Set<Label> labels;

  Metric(Kind kind, String meter, String unit, String meaning, Label... labels) {
    this.kind = kind;
    this.meter = meter;
    this.unit = unit;
    this.meaning = meaning;
    this.labels = Set.of(labels);
  }

  /** The name in a scrape, without the suffixes of a histogram's parts. */
  public String prometheusName() {
    String base = meter.replace('.', '_');
    return switch (kind) {
      case COUNTER -> base + "_total";
      case GAUGE -> unit.isEmpty() ? base : base + "_" + unit;
      case TIME_GAUGE, TIMER -> base + "_seconds";
    };
  }

  /** The name in a registry. */
  public String meterName() {
    return meter;
  }

  public String meaning() {
    return meaning;
  }

  public Set<Label> labels() {
    return labels;
  }

  /**
   * The counter with these labels; the same one for the same labels.
   *
   * @throws IllegalArgumentException when the metric is no counter or has no such label
   */
  public Counter counter(MeterRegistry meters, Tag... tags) {
    return Counter.builder(meter)
        .description(meaning)
        .tags(complete(Kind.COUNTER, tags))
        .register(meters);
  }

  /**
   * A counter that asks {@code count} whenever somebody scrapes, on the scraping thread.
   *
   * @param of what is asked; held weakly, so somebody else has to hold it
   */
  public <T> FunctionCounter counter(
      MeterRegistry meters, T of, ToDoubleFunction<T> count, Tag... tags) {
    return FunctionCounter.builder(meter, of, count)
        .description(meaning)
        .tags(complete(Kind.COUNTER, tags))
        .register(meters);
  }

  /** The timer with these labels, a histogram in a scrape; otherwise like {@link #counter}. */
  public Timer timer(MeterRegistry meters, Tag... tags) {
    return Timer.builder(meter)
        .description(meaning)
        .serviceLevelObjectives(this == FRESHNESS ? Buckets.ages() : Buckets.waits())
        .tags(complete(Kind.TIMER, tags))
        .register(meters);
  }

  /**
   * A gauge that asks {@code value} whenever somebody scrapes, on the scraping thread. Held until
   * it is {@linkplain MeterRegistry#remove removed}; a second one with the same labels is ignored.
   */
  public Gauge gauge(MeterRegistry meters, Supplier<Number> value, Tag... tags) {
    return Gauge.builder(meter, value)
        .description(meaning)
        .baseUnit(unit.isEmpty() ? null : unit)
        .tags(complete(Kind.GAUGE, tags))
        .register(meters);
  }

  /** A gauge of a time in nanoseconds; otherwise like {@link #gauge}. */
  public TimeGauge timeGauge(MeterRegistry meters, Supplier<Number> nanos, Tag... tags) {
    return TimeGauge.builder(meter, nanos, TimeUnit.NANOSECONDS)
        .description(meaning)
        .tags(complete(Kind.TIME_GAUGE, tags))
        .register(meters);
  }

  private List<Tag> complete(Kind asked, Tag... given) {
    if (asked != kind) {
      throw new IllegalArgumentException(this + " is a " + kind + ", not a " + asked);
    }
    List<Tag> all = new ArrayList<>(List.of(given));
    for (Tag tag : given) {
      if (labels.stream().noneMatch(label -> label.key().equals(tag.getKey()))) {
        throw new IllegalArgumentException(this + " has no label " + tag.getKey());
      }
    }
    for (Label label : labels) {
      if (all.stream().noneMatch(tag -> tag.getKey().equals(label.key()))) {
        all.add(label.of(""));
      }
    }
    return all;
  }
}
