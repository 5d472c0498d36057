package io.sluice.admin;

import io.sluice.config.Problem;
import io.sluice.control.PlanStep;
import io.sluice.control.Reloads;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** What the admin pages say, as JSON. */
final class Documents {
  private Documents() {}

  /** Health as {@code {"status": "ready"}} or {@code "not ready"}, with what is wrong. */
  static JsonObject health(String word, Health health) {
    JsonObject all = new JsonObject().put("status", health.well() ? word : "not " + word);
    return health.well()
        ? all
        : all.put(
            "troubles",
            array(
                health.troubles(),
                trouble -> new JsonObject().put("part", trouble.part()).put("why", trouble.why())));
  }

  /** A problem by RFC 9457. */
  static JsonObject problem(int status, String title, String code, String detail) {
    return new JsonObject()
        .put("type", "about:blank")
        .put("title", title)
        .put("status", status)
        .put("detail", detail)
        .put("code", code);
  }

  static JsonObject topology(Topology topology) {
    return new JsonObject()
        .put("replica", topology.replica())
        .put("generation", topology.generation())
        .put("sources", array(topology.sources(), Documents::source))
        .put("streams", array(topology.streams(), Documents::stream))
        .put("sinks", array(topology.sinks(), Documents::sink))
        .put("edges", edges(topology));
  }

  /** The configuration that runs, and what came of the latest attempt to change it. */
  static JsonObject configuration(Reloads.State state) {
    JsonObject all =
        new JsonObject()
            .put("generation", state.generation())
            .put("hash", state.hash())
            .put("since", state.since().toString());
    state.last().ifPresent(last -> all.put("lastReload", attempt(last)));
    return all.put("config", new JsonObject(state.masked().get()));
  }

  /** An attempt to change the configuration. */
  static JsonObject attempt(Reloads.Attempt attempt) {
    JsonObject all =
        new JsonObject()
            .put("outcome", attempt.outcome().word())
            .put("at", attempt.at().toString())
            .put("steps", array(attempt.steps(), Documents::step));
    if (!attempt.problems().isEmpty()) {
      all.put("problems", array(attempt.problems(), Documents::problem));
    }
    return maybe(all, "failure", attempt.failure());
  }

  private static JsonObject step(PlanStep step) {
    return new JsonObject()
        .put("do", step.getClass().getSimpleName().toLowerCase(Locale.ROOT))
        .put("part", step.part().name().toLowerCase(Locale.ROOT))
        .put("name", step.name())
        .put("closesConnections", step.closesConnections());
  }

  private static JsonObject problem(Problem problem) {
    JsonObject all =
        new JsonObject()
            .put("severity", problem.severity().name().toLowerCase(Locale.ROOT))
            .put("file", problem.file().toString())
            .put("pointer", problem.pointer())
            .put("line", problem.line())
            .put("column", problem.column())
            .put("detail", problem.message());
    return maybe(all, "suggestion", problem.suggestion());
  }

  private static JsonObject source(Topology.SourcePart source) {
    JsonObject all = part(source.name(), source.state()).put("type", source.type());
    maybe(all, "address", source.address());
    all.put("to", array(source.to(), name -> name));
    source
        .interval()
        .ifPresent(interval -> all.put("intervalSeconds", interval.toMillis() / 1000.0));
    source
        .owner()
        .ifPresent(
            owner ->
                all.put(
                    "owner",
                    new JsonObject().put("replica", owner.replica()).put("term", owner.term())));
    return maybe(all, "trouble", source.trouble());
  }

  private static JsonObject stream(Topology.StreamPart stream) {
    JsonObject all =
        part(stream.name(), stream.state())
            .put("buffer", stream.buffer())
            .put("first", stream.first().toString())
            .put("next", stream.next().toString())
            .put("events", stream.next().ordinal() - stream.first().ordinal())
            .put("bytes", stream.bytes())
            .put("maxBytes", stream.maxBytes())
            .put("credit", stream.granted());
    return maybe(all, "trouble", stream.trouble());
  }

  private static JsonObject sink(Topology.SinkPart sink) {
    JsonObject all =
        part(sink.name(), sink.state())
            .put("type", sink.type())
            .put("from", array(sink.from(), Documents::progress))
            .put(
                "deadLetters",
                new JsonObject()
                    .put("bytes", sink.deadLetters().bytes())
                    .put("maxBytes", sink.deadLetters().maxBytes()));
    return maybe(all, "trouble", sink.trouble());
  }

  private static JsonObject progress(Topology.Progress progress) {
    JsonObject all =
        new JsonObject()
            .put("stream", progress.stream())
            .put("position", progress.position().toString())
            .put("lagEvents", progress.lagEvents());
    progress.lag().ifPresent(lag -> all.put("lagSeconds", lag.toMillis() / 1000.0));
    return all;
  }

  private static JsonArray edges(Topology topology) {
    JsonArray edges = new JsonArray();
    for (Topology.SourcePart source : topology.sources()) {
      for (String stream : source.to()) {
        edges.add(edge("source", source.name(), "stream", stream));
      }
    }
    for (Topology.SinkPart sink : topology.sinks()) {
      for (Topology.Progress progress : sink.from()) {
        edges.add(edge("stream", progress.stream(), "sink", sink.name()));
      }
    }
    return edges;
  }

  private static JsonObject edge(String fromKind, String from, String toKind, String to) {
    return new JsonObject()
        .put("from", new JsonObject().put("kind", fromKind).put("name", from))
        .put("to", new JsonObject().put("kind", toKind).put("name", to));
  }

  private static JsonObject part(String name, String state) {
    return new JsonObject().put("name", name).put("state", state);
  }

  private static JsonObject maybe(JsonObject all, String key, Optional<String> value) {
    value.ifPresent(it -> all.put(key, it));
    return all;
  }

  private static <T> JsonArray array(Collection<T> all, Function<T, Object> each) {
    JsonArray array = new JsonArray();
    all.forEach(it -> array.add(each.apply(it)));
    return array;
  }
}
