package io.sluice.control;

import io.sluice.config.Bindings;
import io.sluice.config.Checked;
import io.sluice.config.ConfigReference;
import io.sluice.config.ConfigSchema;
import io.sluice.config.Environment;
import io.sluice.config.Reading;
import io.sluice.config.Section;
import io.sluice.connector.Catalog;
import io.sluice.connector.Claim;
import io.sluice.connector.SinkFactory;
import io.sluice.connector.SourceFactory;
import io.sluice.delivery.SinkSettings;
import io.sluice.replica.ReplicasConfig;
import io.sluice.stream.StreamSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What a configuration can say, given the connectors there are. Immutable; usable from any thread.
 *
 * @param <A> the settings of the admin listener
 */
public final class ConfigurationModel<A extends Record> {
  static final String ADMIN = "admin";
  static final String REPLICAS = "replicas";
  static final String SOURCES = "sources";
  static final String STREAMS = "streams";
  static final String SINKS = "sinks";

  private final Catalog catalog;
  private final Class<A> admin;
  private final Function<A, Set<Claim>> adminClaims;
  private final List<Section> sections;

  /**
   * What can be said.
   *
   * @param admin the record of the admin listener
   * @param adminClaims what such a listener must own
   */
  public ConfigurationModel(Catalog catalog, Class<A> admin, Function<A, Set<Claim>> adminClaims) {
    this.adminClaims = adminClaims;
    this.catalog = catalog;
    this.admin = admin;
    Map<String, Class<? extends Record>> sources = new LinkedHashMap<>();
    for (SourceFactory<?> factory : catalog.sources()) {
      sources.put(factory.type(), factory.configType());
    }
    Map<String, Class<? extends Record>> sinks = new LinkedHashMap<>();
    for (SinkFactory<?> factory : catalog.sinks()) {
      sinks.put(factory.type(), factory.configType());
    }
    this.sections =
        List.of(
            new Section(ADMIN, "The admin listener.", false, admin, Map.of()),
            new Section(
                REPLICAS,
                "Other gateways that do the same work.",
                false,
                ReplicasConfig.class,
                Map.of()),
            new Section(
                SOURCES, "What brings events in, by name.", true, SourceKeys.class, sources),
            new Section(
                STREAMS,
                "Where events wait between sources and sinks, by name. A stream that is named by a"
                    + " source but not declared here has the defaults.",
                true,
                StreamSettings.class,
                Map.of()),
            new Section(SINKS, "Where events go, by name.", true, SinkSettings.class, sinks));
  }

  /** The JSON Schema of a configuration file. */
  public String schema() {
    return ConfigSchema.of(sections);
  }

  /** Markdown tables of every key. */
  public String reference() {
    return ConfigReference.of(sections);
  }

  /** Checks what was read. Blocks where secrets have to be read from files. */
  public Checked<Configuration<A>> check(Reading reading, Environment environment) {
    return Bindings.of(reading, sections, environment)
        .fold(good -> check(good.value()), bad -> new Checked.Bad<>(bad.problems()));
  }

  private Checked<Configuration<A>> check(Bindings bindings) {
    Optional<A> listener = only(bindings, ADMIN, admin);
    Optional<ReplicasConfig> replicas = only(bindings, REPLICAS, ReplicasConfig.class);
    Set<Claim> claimed = listener.map(adminClaims).orElse(Set.of());
    Settings settings = new Wiring(catalog, bindings, claimed, replicas).settings();
    Optional<Configuration<A>> whole =
        listener.flatMap(
            record ->
                replicas.map(
                    others ->
                        new Configuration<>(
                            record, others, settings, bindings.masked(), bindings.problems()::at)));
    return bindings.problems().toChecked(whole);
  }

  /** The record of a section that holds one thing. */
  private static <R extends Record> Optional<R> only(
      Bindings bindings, String section, Class<R> type) {
    return bindings.section(section).stream()
        .flatMap(entry -> entry.common().stream())
        .map(type::cast)
        .findFirst();
  }
}
