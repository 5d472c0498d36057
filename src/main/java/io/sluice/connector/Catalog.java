package io.sluice.connector;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Every kind of connector that can be named in a configuration. Immutable. */
public final class Catalog {
  private final Map<String, SourceFactory<?>> sources;
  private final Map<String, SinkFactory<?>> sinks;

  private Catalog(Map<String, SourceFactory<?>> sources, Map<String, SinkFactory<?>> sinks) {
    this.sources = sources;
    this.sinks = sinks;
  }

  /**
   * The catalog of these connectors.
   *
   * @throws IllegalArgumentException when two of a side share a type
   */
  public static Catalog of(
      List<? extends SourceFactory<?>> sources, List<? extends SinkFactory<?>> sinks) {
    return new Catalog(byType(sources, SourceFactory::type), byType(sinks, SinkFactory::type));
  }

  private static <F> Map<String, F> byType(List<? extends F> factories, Function<F, String> type) {
    Map<String, F> all = new LinkedHashMap<>();
    for (F factory : factories) {
      if (all.put(type.apply(factory), factory) != null) {
        throw new IllegalArgumentException("two connectors of type " + type.apply(factory));
      }
    }
    return all;
  }

  public Optional<SourceFactory<?>> source(String type) {
    return Optional.ofNullable(sources.get(type));
  }

  public Optional<SinkFactory<?>> sink(String type) {
    return Optional.ofNullable(sinks.get(type));
  }

  public Collection<SourceFactory<?>> sources() {
    return sources.values();
  }

  public Collection<SinkFactory<?>> sinks() {
    return sinks.values();
  }
}
