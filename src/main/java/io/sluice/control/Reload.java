package io.sluice.control;

import static io.sluice.control.RunningParts.all;

import io.sluice.connector.Claim;
import io.sluice.connector.Source;
import io.sluice.control.PlanStep.Part;
import io.sluice.stream.Stream;
import io.sluice.stream.StreamSettings;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Takes a gateway from what runs to what shall run, by a plan: the new beside the old, then the old
 * away. When something new cannot be had, everything is put back.
 *
 * <p>Streams come first and go last, so that what a source has taken always finds its way. Used
 * once, each step when the one before is done.
 */
final class Reload {
  private final Vertx vertx;
  private final Context home;
  private final RunningParts parts;
  private final Settings running;
  private final Settings desired;
  private final List<PlanStep> steps;

  /** What puts back what was done, the latest first. */
  private final Deque<Supplier<Future<?>>> undo = new ArrayDeque<>();

  /** Sources that were replaced while they ran on. */
  private final Map<String, Source> replaced = new LinkedHashMap<>();

  Reload(Vertx vertx, RunningParts parts, Settings running, Settings desired, Plan plan) {
    this.vertx = vertx;
    this.home = vertx.getOrCreateContext();
    this.parts = parts;
    this.running = running;
    this.desired = desired;
    this.steps = plan.steps();
  }

  /**
   * Does it.
   *
   * @return completes when all that is new runs and what is over has begun to end; fails with the
   *     first thing that could not be had, when everything is as it was
   */
  Future<Void> run() {
    return each(Part.STREAM, PlanStep.Start.class, step -> startStream(step.name()))
        .compose(done -> here(clearTheWay()))
        .compose(
            done -> each(Part.STREAM, PlanStep.Replace.class, step -> replaceStream(step.name())))
        .compose(done -> each(Part.SINK, PlanStep.Stop.class, step -> stopSink(step.name())))
        .compose(done -> each(Part.SINK, PlanStep.Replace.class, step -> stopSink(step.name())))
        .compose(done -> each(Part.SINK, PlanStep.Replace.class, step -> startSink(step.name())))
        .compose(done -> each(Part.SINK, PlanStep.Start.class, step -> startSink(step.name())))
        .compose(done -> here(followStreams()))
        .compose(done -> here(startSources()))
        .onSuccess(done -> sayFarewell())
        .recover(failure -> putBack().transform(back -> Future.failedFuture(failure)));
  }

  private <S extends PlanStep> Future<Void> each(
      Part part, Class<S> kind, Function<S, Future<?>> work) {
    Future<Void> all = Future.succeededFuture();
    for (PlanStep step : steps) {
      if (step.part() == part && kind.isInstance(step)) {
        all = all.compose(before -> here(work.apply(kind.cast(step)).mapEmpty()));
      }
    }
    return all;
  }

  /** Parts end their work where they live; what comes after it is begun where the reload was. */
  private Future<Void> here(Future<Void> work) {
    Promise<Void> done = Promise.promise();
    work.onComplete(ended -> home.runOnContext(back -> done.handle(ended)));
    return done.future();
  }

  private Future<Void> putBack() {
    Future<Void> all = Future.succeededFuture();
    while (!undo.isEmpty()) {
      Supplier<? extends Future<?>> next = undo.pop();
      all = all.eventually(() -> here(next.get().mapEmpty()));
    }
    return all;
  }

  /** Nothing can fail any more. Streams end when what their sources have taken has its receipt. */
  private void sayFarewell() {
    List<Future<?>> stopping = new ArrayList<>();
    replaced.forEach(
        (name, old) -> {
          SourceSpec was = Objects.requireNonNull(running.sources().get(name), name);
          parts.retire(old, was);
        });
    parts
        .retiring()
        .forEach(
            (source, was) -> {
              if (!desired.sources().containsKey(was.name())
                  || !desired.streams().containsKey(was.to())) {
                stopping.add(source.stop());
              }
            });
    Map<String, Source> gone = running(over(Part.SOURCE));
    parts.removeSources(gone.keySet());
    gone.values().forEach(source -> stopping.add(source.stop()));
    List<Stream> ending =
        over(Part.STREAM).map(parts.streams()::get).filter(Objects::nonNull).toList();
    ending.forEach(stream -> parts.removeStream(stream.name()));
    Future.join(stopping).onComplete(stopped -> ending.forEach(parts::retire));
  }

  private java.util.stream.Stream<String> over(Part part) {
    return steps.stream()
        .filter(step -> step.part() == part && step instanceof PlanStep.Stop)
        .map(PlanStep::name);
  }

  // Streams.

  private Future<Void> startStream(String name) {
    return startStream(name, desired);
  }

  private Future<Void> startStream(String name, Settings of) {
    StreamSettings settings = of.streams().get(name);
    if (settings == null) {
      return Future.failedFuture(new IllegalStateException("no stream " + name));
    }
    Stream made = parts.make(name, settings, of.takersOf(name));
    parts.put(made);
    undo.push(
        () -> {
          parts.removeStream(name);
          return made.stop();
        });
    return made.start();
  }

  private Future<Void> replaceStream(String name) {
    Stream old = parts.streams().get(name);
    if (old == null) {
      return startStream(name);
    }
    undo.push(() -> startStream(name, running));
    return old.stop().transform(stopped -> startStream(name));
  }

  /** Every stream that stays learns its settings, and who takes from it. */
  private Future<Void> followStreams() {
    List<Future<Void>> all = new ArrayList<>();
    for (Stream stream : parts.streams().values()) {
      StreamSettings before = running.streams().get(stream.name());
      StreamSettings wanted = desired.streams().get(stream.name());
      List<String> takers = desired.takersOf(stream.name());
      if (before == null || !before.follows(stream.settings())) {
        continue;
      }
      List<String> had = running.takersOf(stream.name());
      StreamSettings now = wanted == null ? before : wanted;
      if (!now.equals(before) || !takers.equals(had)) {
        undo.push(() -> stream.follow(before, had));
        all.add(stream.follow(now, takers));
      }
    }
    return Future.join(all).mapEmpty();
  }

  // Sinks.

  private Future<Void> stopSink(String name) {
    SinkPart old = parts.sinks().get(name);
    SinkSpec spec = running.sinks().get(name);
    if (old == null || spec == null) {
      return Future.succeededFuture();
    }
    undo.push(() -> start(parts.make(spec)));
    parts.removeSink(name);
    return old.stop();
  }

  private Future<Void> startSink(String name) {
    SinkSpec spec = desired.sinks().get(name);
    if (spec == null) {
      return Future.succeededFuture();
    }
    SinkPart made = parts.make(spec);
    undo.push(
        () -> {
          parts.removeSink(name);
          return made.stop();
        });
    return start(made);
  }

  private Future<Void> start(SinkPart sink) {
    parts.put(sink);
    return sink.start();
  }

  // Sources. There may be thousands, so they go and come together.

  /** Sources that hold what somebody else needs go before that comes. */
  private Future<Void> clearTheWay() {
    Map<String, List<Claim>> wanted =
        coming()
            .flatMap(source -> source.claims().stream())
            .collect(Collectors.groupingBy(Claim::place));
    List<SourceSpec> going =
        steps.stream()
            .filter(step -> step.part() == Part.SOURCE)
            .filter(
                step ->
                    step instanceof PlanStep.Replace replace
                        ? replace.pauses()
                        : step instanceof PlanStep.Stop && inTheWay(step.name(), wanted))
            .flatMap(step -> specs(running, step.name()))
            .toList();
    return stopSources(going);
  }

  /** The sources that are to come, also those in another's place. */
  private java.util.stream.Stream<SourceSpec> coming() {
    return steps.stream()
        .filter(step -> step.part() == Part.SOURCE)
        .filter(step -> step instanceof PlanStep.Start || step instanceof PlanStep.Replace)
        .flatMap(step -> specs(desired, step.name()));
  }

  private static java.util.stream.Stream<SourceSpec> specs(Settings of, String name) {
    return java.util.stream.Stream.ofNullable(of.sources().get(name));
  }

  private boolean inTheWay(String name, Map<String, List<Claim>> wanted) {
    return specs(running, name)
        .flatMap(source -> source.claims().stream())
        .anyMatch(
            held -> wanted.getOrDefault(held.place(), List.of()).stream().anyMatch(held::clashes));
  }

  /** Those of these names that run. */
  private Map<String, Source> running(java.util.stream.Stream<String> names) {
    Map<String, Source> there = new LinkedHashMap<>();
    names.forEach(
        name -> {
          Source source = parts.sources().get(name);
          if (source != null) {
            there.put(name, source);
          }
        });
    return there;
  }

  private Future<Void> stopSources(List<SourceSpec> specs) {
    Map<String, Source> old = running(specs.stream().map(SourceSpec::name));
    if (old.isEmpty()) {
      return Future.succeededFuture();
    }
    undo.push(() -> make(specs).compose(this::start));
    parts.removeSources(old.keySet());
    List<Source> stopping = new ArrayList<>(old.values());
    parts
        .retiring()
        .forEach(
            (source, was) -> {
              if (old.containsKey(was.name())) {
                stopping.add(source);
              }
            });
    return all(stopping, Source::stop);
  }

  private Future<Void> startSources() {
    List<SourceSpec> specs = coming().toList();
    return specs.isEmpty() ? Future.succeededFuture() : make(specs).compose(this::takeOver);
  }

  /** Starts them beside those that have their names. */
  private Future<Void> takeOver(Map<String, Source> made) {
    Map<String, Source> old = running(made.keySet().stream());
    undo.push(
        () -> {
          parts.put(old);
          parts.removeSources(
              made.keySet().stream().filter(name -> !old.containsKey(name)).toList());
          return all(made.values(), Source::stop);
        });
    return start(made).onSuccess(started -> replaced.putAll(old));
  }

  private Future<Void> start(Map<String, Source> made) {
    parts.put(made);
    return all(made.values(), Source::start);
  }

  /** Many sources take their time to make. */
  private Future<Map<String, Source>> make(List<SourceSpec> specs) {
    return vertx.executeBlocking(() -> parts.make(specs));
  }
}
