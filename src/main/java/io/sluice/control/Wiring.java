package io.sluice.control;

import io.sluice.config.Bindings;
import io.sluice.config.Problems;
import io.sluice.connector.Catalog;
import io.sluice.connector.Claim;
import io.sluice.connector.Findings;
import io.sluice.delivery.SinkSettings;
import io.sluice.replica.ReplicasConfig;
import io.sluice.stream.Dedupe;
import io.sluice.stream.StreamSettings;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Puts sources, streams and sinks together, and finds what does not fit: streams nobody feeds or
 * takes from, and two that want the same thing for themselves. What could not be bound is left out,
 * and nothing is said that it could make untrue.
 */
final class Wiring {
  private final Catalog catalog;
  private final Bindings bindings;
  private final Problems problems;
  private final Map<String, SourceSpec> sources = new LinkedHashMap<>();
  private final Map<String, StreamSettings> streams = new LinkedHashMap<>();
  private final Map<String, SinkSpec> sinks = new LinkedHashMap<>();
  private final Set<String> declared = new LinkedHashSet<>();
  private final Set<String> fed = new LinkedHashSet<>();
  private final Set<String> taken = new LinkedHashSet<>();
  private final Map<String, Map<Claim, String>> claims = new HashMap<>();

  private final Set<Claim> adminClaims;
  private final Optional<ReplicasConfig> replicas;

  /**
   * Nothing put together yet.
   *
   * @param adminClaims what the admin listener must own
   * @param replicas what is said of other gateways, where that could be bound
   */
  Wiring(
      Catalog catalog,
      Bindings bindings,
      Set<Claim> adminClaims,
      Optional<ReplicasConfig> replicas) {
    this.replicas = replicas;
    this.adminClaims = adminClaims;
    this.catalog = catalog;
    this.bindings = bindings;
    this.problems = bindings.problems();
  }

  /** What shall run, as far as it could be bound; what does not fit is among the problems now. */
  Settings settings() {
    claim("/" + ConfigurationModel.ADMIN, adminClaims);
    List<Bindings.Entry> sourceEntries = bindings.section(ConfigurationModel.SOURCES);
    List<Bindings.Entry> sinkEntries = bindings.section(ConfigurationModel.SINKS);
    for (Bindings.Entry entry : bindings.section(ConfigurationModel.STREAMS)) {
      declared.add(entry.name());
      entry.common().map(StreamSettings.class::cast).ifPresent(record -> stream(entry, record));
    }
    sourceEntries.forEach(this::source);
    sinkEntries.forEach(this::sink);
    if (sourceEntries.isEmpty()) {
      problems.warning("/" + ConfigurationModel.SOURCES, "there is no source, so nothing comes in");
    }
    if (whole(sourceEntries)) {
      sinkEntries.forEach(this::askWhoFeeds);
      new Pairing(problems, sources, names(sourceEntries), streams).check();
    }
    if (whole(sinkEntries)) {
      sourceEntries.forEach(this::askWhoTakes);
    }
    return new Settings(
        Collections.unmodifiableMap(sources),
        Collections.unmodifiableMap(streams),
        Collections.unmodifiableMap(sinks));
  }

  private static Set<String> names(List<Bindings.Entry> entries) {
    return entries.stream().map(Bindings.Entry::name).collect(Collectors.toSet());
  }

  private static boolean whole(List<Bindings.Entry> entries) {
    return entries.stream().allMatch(entry -> entry.common().isPresent());
  }

  private void source(Bindings.Entry entry) {
    Optional<SourceKeys> keys = entry.common().map(SourceKeys.class::cast);
    keys.ifPresent(common -> feed(common.to()));
    if (keys.isEmpty() || entry.special().isEmpty()) {
      return;
    }
    entry
        .type()
        .flatMap(catalog::source)
        .map(
            factory ->
                new SourceSpec(
                    entry.name(), factory.type(), keys.get().to(), entry.special().get(), factory))
        .ifPresent(
            spec -> {
              sources.put(spec.name(), spec);
              claim(entry.pointer(), spec.claims());
              spec.inspect(findings(entry.pointer()));
            });
  }

  private Findings findings(String pointer) {
    return new Findings() {
      @Override
      public void error(String key, String message) {
        problems.error(pointer + "/" + key, message);
      }

      @Override
      public void warning(String key, String message) {
        problems.warning(pointer + "/" + key, message);
      }
    };
  }

  private void stream(Bindings.Entry entry, StreamSettings settings) {
    streams.put(entry.name(), settings);
    if (replicas.filter(config -> config.database().isEmpty()).isPresent()) {
      if (settings.dedupe().filter(Dedupe::shared).isPresent()) {
        lonely(entry.pointer() + "/dedupe/shared");
      }
      if (settings.sessions().filter(StreamSettings.Sessions.SHARED::equals).isPresent()) {
        lonely(entry.pointer() + "/sessions");
      }
    }
  }

  private void lonely(String pointer) {
    problems.error(
        pointer,
        "needs a database that replicas share, and `replicas` has none",
        Optional.of("say where it is in `replicas`, under `database`"));
  }

  private void feed(String stream) {
    fed.add(stream);
    if (!declared.contains(stream)) {
      streams.computeIfAbsent(stream, name -> Bindings.presets(StreamSettings.class));
    }
  }

  private void sink(Bindings.Entry entry) {
    Optional<SinkSettings> keys = entry.common().map(SinkSettings.class::cast);
    keys.ifPresent(common -> taken.addAll(common.from()));
    if (keys.isEmpty() || entry.special().isEmpty()) {
      return;
    }
    SinkSettings common = keys.get();
    entry
        .type()
        .flatMap(catalog::sink)
        .map(
            factory ->
                new SinkSpec(entry.name(), factory.type(), common, entry.special().get(), factory))
        .ifPresent(
            spec -> {
              sinks.put(spec.name(), spec);
              claim(entry.pointer(), spec.claims());
            });
  }

  private void claim(String pointer, Set<Claim> wanted) {
    for (Claim claim : wanted) {
      Map<Claim, String> there =
          claims.computeIfAbsent(claim.place(), place -> new LinkedHashMap<>());
      there.entrySet().stream()
          .filter(other -> other.getKey().clashes(claim))
          .findFirst()
          .ifPresent(other -> clash(pointer, claim, other.getKey(), other.getValue()));
      there.putIfAbsent(claim, pointer);
    }
  }

  private void clash(String pointer, Claim claim, Claim other, String owner) {
    boolean same = claim.what().equals(other.what());
    String message;
    if (same && claim.terms().isPresent() && other.terms().isPresent()) {
      message =
          "shares the %s with %s and has to agree with it: %s here, %s there"
              .formatted(claim, owner, claim.terms().get(), other.terms().get());
    } else if (!same) {
      message = "needs the %s, but %s has the %s".formatted(claim, owner, other);
    } else if (claim.terms().isEmpty() && other.terms().isEmpty()) {
      message = "needs the %s for itself, and so does %s".formatted(claim, owner);
    } else {
      message = "needs the %s, which %s has for itself".formatted(claim, owner);
    }
    problems.error(pointer, message, Optional.of("change one of the two"));
  }

  private void askWhoFeeds(Bindings.Entry entry) {
    List<String> from =
        entry.common().map(SinkSettings.class::cast).map(SinkSettings::from).orElse(List.of());
    for (int i = 0; i < from.size(); i++) {
      String stream = from.get(i);
      String pointer = entry.pointer() + "/from" + (from.size() == 1 ? "" : "/" + i);
      if (fed.contains(stream)) {
        continue;
      }
      if (declared.contains(stream)) {
        problems.warning(pointer, "no source goes to the stream \"" + stream + "\"");
      } else {
        Set<String> known = new LinkedHashSet<>(declared);
        known.addAll(fed);
        problems.unknown(
            pointer,
            "there is no stream \"" + stream + "\": none is declared, and no source goes to it",
            stream,
            known);
      }
    }
  }

  private void askWhoTakes(Bindings.Entry entry) {
    entry
        .common()
        .map(SourceKeys.class::cast)
        .map(SourceKeys::to)
        .filter(stream -> !taken.contains(stream))
        .ifPresent(
            stream ->
                problems.warning(
                    entry.pointer() + "/to",
                    "no sink takes from the stream \"" + stream + "\", so it will fill up"));
  }
}
