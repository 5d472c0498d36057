package io.sluice.control;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.connector.LeaseStore;
import io.sluice.connector.Source;
import io.sluice.delivery.RunningSink;
import io.sluice.flow.Inlets;
import io.sluice.replica.Replica;
import io.sluice.stream.JournalDeadLetters;
import io.sluice.stream.JournalOpening;
import io.sluice.stream.Stream;
import io.sluice.stream.StreamSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The sources, streams and sinks of a gateway by name, and how each is made. What there is may be
 * read from any thread; it is changed by one change after the other.
 */
final class RunningParts {
  private final Vertx vertx;
  private final DataDirectory data;
  private final JournalOpening journals;
  private final Replica replica;
  private final MeterRegistry meters;
  private final Clock clock;
  private final Duration drain;
  private final LeaseStore leases;
  private final Consumer<IOException> onDiskFailure;
  private final Inlets inlets;
  private final Activity activity = new Activity();
  private final Map<Source, SourceSpec> retiring = new ConcurrentHashMap<>();
  private final Set<Stream> ending = ConcurrentHashMap.newKeySet();
  private volatile Map<String, Source> sources = Map.of();
  private volatile Map<String, Stream> streams = Map.of();
  private volatile Map<String, SinkPart> sinks = Map.of();

  RunningParts(
      Vertx vertx,
      DataDirectory data,
      JournalOpening journals,
      Replica replica,
      MeterRegistry meters,
      Clock clock,
      Duration drain,
      LeaseStore leases,
      Consumer<IOException> onDiskFailure) {
    this.vertx = vertx;
    this.inlets = new Inlets(vertx);
    this.data = data;
    this.journals = journals;
    this.replica = replica;
    this.meters = meters;
    this.clock = clock;
    this.drain = drain;
    this.leases = leases;
    this.onDiskFailure = onDiskFailure;
  }

  /**
   * Makes sources, by their names; they do not run yet, and nobody else knows them. Thousands take
   * their time: not on an event loop.
   */
  Map<String, Source> make(Collection<SourceSpec> specs) {
    Map<String, Source> made = new LinkedHashMap<>();
    specs.forEach(
        spec ->
            made.put(
                spec.name(),
                spec.create(
                    new RunningSourceContext(
                        spec.name(),
                        spec.to(),
                        inlets,
                        vertx,
                        meters,
                        clock,
                        drain,
                        leases,
                        activity))));
    return made;
  }

  /** Makes a stream; otherwise like {@link #make(Collection)}. */
  Stream make(String name, StreamSettings settings, List<String> takers) {
    return new Stream(
        vertx,
        name,
        settings,
        takers,
        journals,
        data.stream(name),
        Optional.of(replica),
        meters,
        clock,
        onDiskFailure);
  }

  /** Makes a sink; otherwise like {@link #make(Collection)}. */
  SinkPart make(SinkSpec spec) {
    JournalDeadLetters letters =
        new JournalDeadLetters(
            vertx,
            journals,
            data.deadLetters(spec.name()),
            spec.settings().deadLetters().maxBytes().bytes(),
            onDiskFailure);
    RunningSink sink =
        new RunningSink(
            vertx,
            spec.name(),
            spec.settings(),
            spec.create(
                new RunningSinkContext(spec.name(), vertx, meters, clock, data.sink(spec.name()))),
            spec.factory().inFlight(),
            spec.factory().timeLimit(),
            letters,
            meters,
            clock);
    return new SinkPart(spec.name(), sink, letters, meters);
  }

  Map<String, Source> sources() {
    return sources;
  }

  Map<String, Stream> streams() {
    return streams;
  }

  Map<String, SinkPart> sinks() {
    return sinks;
  }

  void put(Map<String, Source> some) {
    sources = changed(sources, all -> all.putAll(some));
  }

  void put(Stream stream) {
    streams = changed(streams, all -> all.put(stream.name(), stream));
  }

  void put(SinkPart sink) {
    sinks = changed(sinks, all -> all.put(sink.name(), sink));
  }

  /** Lets a source go whose clients may stay for as long as they like; another took its place. */
  void retire(Source source, SourceSpec spec) {
    retiring.put(source, spec);
    source.retire().onComplete(left -> retiring.remove(source));
  }

  /** Lets a stream go; what no sink has yet stays in its directory. */
  void retire(Stream stream) {
    ending.add(stream);
    stream.stop().onComplete(stopped -> ending.remove(stream));
  }

  /** When a stream last kept something of a source, as {@link System#nanoTime()}. */
  OptionalLong lastKept(String source) {
    return activity.last(source);
  }

  /** Those that were let go, and what they were. */
  Map<Source, SourceSpec> retiring() {
    return Map.copyOf(retiring);
  }

  /** Every source that may still have clients. */
  List<Source> allSources() {
    return java.util.stream.Stream.concat(sources.values().stream(), retiring.keySet().stream())
        .toList();
  }

  /** What the operator calls a source that runs or was let go. */
  String name(Source source) {
    SourceSpec was = retiring.get(source);
    return was != null
        ? was.name()
        : sources.entrySet().stream()
            .filter(entry -> entry.getValue() == source)
            .map(Map.Entry::getKey)
            .findFirst()
            .orElse("");
  }

  /** Every stream that may still be open. */
  List<Stream> allStreams() {
    return java.util.stream.Stream.concat(streams.values().stream(), ending.stream()).toList();
  }

  void removeSources(Collection<String> names) {
    sources = changed(sources, all -> names.forEach(all::remove));
  }

  void removeStream(String name) {
    streams = changed(streams, all -> all.remove(name));
  }

  void removeSink(String name) {
    sinks = changed(sinks, all -> all.remove(name));
  }

  /** Does something with all of them at once, and completes when the last is done. */
  static <T> Future<Void> all(Collection<T> parts, Function<T, Future<Void>> step) {
    return Future.join(parts.stream().map(step).toList()).mapEmpty();
  }

  private static <T> Map<String, T> changed(Map<String, T> there, Consumer<Map<String, T>> change) {
    Map<String, T> all = new LinkedHashMap<>(there);
    change.accept(all);
    return Collections.unmodifiableMap(all);
  }
}
