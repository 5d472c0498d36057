package io.sluice.control;

import io.sluice.connector.Claim;
import io.sluice.connector.Source;
import io.sluice.control.PlanStep.Part;
import io.sluice.stream.Stream;
import io.sluice.stream.StreamSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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
        .compose(done -> clearTheWay())
        .compose(
            done -> each(Part.STREAM, PlanStep.Replace.class, step -> replaceStream(step.name())))
        .compose(done -> each(Part.SINK, PlanStep.Stop.class, step -> stopSink(step.name())))
        .compose(done -> each(Part.SINK, PlanStep.Replace.class, step -> stopSink(step.name())))
        .compose(done -> each(Part.SINK, PlanStep.Replace.class, step -> startSink(step.name())))
        .compose(done -> each(Part.SINK, PlanStep.Start.class, step -> startSink(step.name())))
        .compose(done -> followStreams())
        .compose(done -> each(Part.SOURCE, PlanStep.Replace.class, this::replaceSource))
        .compose(done -> each(Part.SOURCE, PlanStep.Start.class, step -> startSource(step.name())))
        .onSuccess(done -> sayFarewell())
        .recover(failure -> putBack().transform(back -> Future.failedFuture(failure)));
  }

  private <S extends PlanStep> Future<Void> each(
      Part part, Class<S> kind, Function<S, Future<?>> work) {
    Future<Void> all = Future.succeededFuture();
    for (PlanStep step : steps) {
      if (step.part() == part && kind.isInstance(step)) {
        all = all.compose(before -> work.apply(kind.cast(step)).mapEmpty());
      }
    }
    return all;
  }

  private Future<Void> putBack() {
    Future<Void> all = Future.succeededFuture();
    while (!undo.isEmpty()) {
      Supplier<? extends Future<?>> next = undo.pop();
      all = all.eventually(() -> next.get().mapEmpty());
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
    over(Part.SOURCE)
        .forEach(
            name -> {
              Source source = parts.sources().get(name);
              parts.remove(Part.SOURCE, name);
              if (source != null) {
                stopping.add(source.stop());
              }
            });
    List<Stream> ending =
        over(Part.STREAM).map(parts.streams()::get).filter(Objects::nonNull).toList();
    ending.forEach(stream -> parts.remove(Part.STREAM, stream.name()));
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
          parts.remove(Part.STREAM, name);
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
    parts.remove(Part.SINK, name);
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
          parts.remove(Part.SINK, name);
          return made.stop();
        });
    return start(made);
  }

  private Future<Void> start(SinkPart sink) {
    parts.put(sink);
    return sink.start();
  }

  // Sources.

  /** Sources that hold what somebody else needs go before that comes. */
  private Future<Void> clearTheWay() {
    Set<String> here =
        steps.stream()
            .filter(step -> step.part() == Part.SOURCE)
            .filter(step -> step instanceof PlanStep.Start || step instanceof PlanStep.Replace)
            .map(PlanStep::name)
            .collect(Collectors.toSet());
    List<Claim> wanted =
        desired.sources().values().stream()
            .filter(source -> here.contains(source.name()))
            .flatMap(source -> source.claims().stream())
            .toList();
    return each(
            Part.SOURCE,
            PlanStep.Stop.class,
            step -> inTheWay(step.name(), wanted) ? stopSource(step.name()) : nothing())
        .compose(
            done ->
                each(
                    Part.SOURCE,
                    PlanStep.Replace.class,
                    step -> step.pauses() ? stopSource(step.name()) : nothing()));
  }

  private boolean inTheWay(String name, List<Claim> wanted) {
    SourceSpec old = running.sources().get(name);
    return old != null
        && old.claims().stream().anyMatch(held -> wanted.stream().anyMatch(held::clashes));
  }

  private static Future<Void> nothing() {
    return Future.succeededFuture();
  }

  private Future<Void> stopSource(String name) {
    Source old = parts.sources().get(name);
    SourceSpec spec = running.sources().get(name);
    if (old == null || spec == null) {
      return nothing();
    }
    undo.push(() -> make(spec).compose(made -> start(name, made)));
    parts.remove(Part.SOURCE, name);
    List<Future<Void>> all = new ArrayList<>(List.of(old.stop()));
    parts
        .retiring()
        .forEach(
            (source, was) -> {
              if (was.name().equals(name)) {
                all.add(source.stop());
              }
            });
    return Future.join(all).mapEmpty();
  }

  private Future<Void> replaceSource(PlanStep.Replace step) {
    Source old = parts.sources().get(step.name());
    return startSource(step.name())
        .onSuccess(
            started -> {
              if (old != null) {
                replaced.put(step.name(), old);
              }
            });
  }

  private Future<Void> startSource(String name) {
    SourceSpec spec = desired.sources().get(name);
    if (spec == null) {
      return nothing();
    }
    Source old = parts.sources().get(name);
    return make(spec)
        .compose(
            made -> {
              undo.push(
                  () -> {
                    if (old == null) {
                      parts.remove(Part.SOURCE, name);
                    } else {
                      parts.put(name, old);
                    }
                    return made.stop();
                  });
              return start(name, made);
            });
  }

  private Future<Void> start(String name, Source source) {
    parts.put(name, source);
    return source.start();
  }

  /** Many sources take their time to make. */
  private Future<Source> make(SourceSpec spec) {
    return vertx.executeBlocking(() -> parts.make(spec));
  }
}
