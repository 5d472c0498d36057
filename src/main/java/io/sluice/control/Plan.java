package io.sluice.control;

import io.sluice.config.Differences;
import io.sluice.control.PlanStep.Part;
import io.sluice.stream.StreamSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The way from what runs to what shall run: one step for each part there is before or after. Pure.
 *
 * @param steps sources, streams, sinks; of each those that shall run in the order of the files, and
 *     then those that shall not
 */
public record Plan(List<PlanStep> steps) {
  public Plan {
    steps = List.copyOf(steps);
  }

  /** What has to be done so that {@code desired} runs instead of {@code running}. */
  public static Plan between(Settings running, Settings desired) {
    List<PlanStep> steps = new ArrayList<>();
    add(
        Part.SOURCE,
        running.sources(),
        desired.sources(),
        (name, old, wanted) ->
            new PlanStep.Replace(Part.SOURCE, name, keys(old, wanted), !wanted.takesOver(old)),
        steps);
    add(Part.STREAM, running.streams(), desired.streams(), Plan::stream, steps);
    add(
        Part.SINK,
        running.sinks(),
        desired.sinks(),
        (name, old, wanted) -> new PlanStep.Replace(Part.SINK, name, keys(old, wanted), true),
        steps);
    return new Plan(steps);
  }

  /** Whether everything stays as it is. */
  public boolean empty() {
    return steps.stream().allMatch(PlanStep.Keep.class::isInstance);
  }

  /** The parts of a sort that steps of some kind are about. */
  List<String> named(Part part, Predicate<PlanStep> kind) {
    return steps.stream()
        .filter(step -> step.part() == part)
        .filter(kind)
        .map(PlanStep::name)
        .toList();
  }

  /** What becomes of something that is there before and after, and differs. */
  private interface Difference<S> {
    PlanStep step(String name, S old, S wanted);
  }

  private static <S> void add(
      Part part,
      Map<String, S> running,
      Map<String, S> desired,
      Difference<S> difference,
      List<PlanStep> steps) {
    desired.forEach(
        (name, wanted) -> {
          S old = running.get(name);
          if (old == null) {
            steps.add(new PlanStep.Start(part, name));
          } else if (old.equals(wanted)) {
            steps.add(new PlanStep.Keep(part, name));
          } else {
            steps.add(difference.step(name, old, wanted));
          }
        });
    running.keySet().stream()
        .filter(name -> !desired.containsKey(name))
        .forEach(name -> steps.add(new PlanStep.Stop(part, name)));
  }

  private static PlanStep stream(String name, StreamSettings old, StreamSettings wanted) {
    List<String> keys = Differences.between(old, wanted);
    return wanted.follows(old)
        ? new PlanStep.Change(Part.STREAM, name, keys)
        : new PlanStep.Replace(Part.STREAM, name, keys, true);
  }

  private static List<String> keys(SourceSpec old, SourceSpec wanted) {
    return keys(
        old.type().equals(wanted.type()),
        Stream.of("to").filter(to -> !old.to().equals(wanted.to())),
        old.config(),
        wanted.config());
  }

  private static List<String> keys(SinkSpec old, SinkSpec wanted) {
    return keys(
        old.type().equals(wanted.type()),
        Differences.between(old.settings(), wanted.settings()).stream(),
        old.config(),
        wanted.config());
  }

  private static List<String> keys(
      boolean alike, Stream<String> common, Record old, Record wanted) {
    return alike
        ? Stream.concat(common, Differences.between(old, wanted).stream()).toList()
        : Stream.concat(Stream.of("type"), common).toList();
  }
}
