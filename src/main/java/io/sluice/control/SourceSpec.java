package io.sluice.control;

import io.sluice.connector.Claim;
import io.sluice.connector.Counterpart;
import io.sluice.connector.Every;
import io.sluice.connector.Findings;
import io.sluice.connector.Source;
import io.sluice.connector.SourceContext;
import io.sluice.connector.SourceFactory;
import java.util.Optional;
import java.util.Set;

/**
 * A source as it is wanted. Two that are equal need no restart.
 *
 * @param name what the operator calls it
 * @param type what kind it is
 * @param to the stream its events go to
 * @param config its own settings
 * @param factory what makes it
 */
public record SourceSpec(
    String name, String type, String to, Record config, SourceFactory<?> factory) {

  /** What it must own alone. */
  public Set<Claim> claims() {
    return claims(factory, config);
  }

  /** Whether it takes the initiative, instead of its clients. */
  public boolean pulls() {
    return factory.pulls();
  }

  /** When it takes the initiative; empty where its clients do. */
  public Optional<Every> every() {
    return every(factory, config);
  }

  /** The push source it goes by. */
  public Optional<Counterpart> counterpart() {
    return counterpart(factory, config);
  }

  /** Looks at the things it needs outside. Blocks. */
  public void inspect(Findings findings) {
    inspect(factory, config, findings);
  }

  /**
   * Whether it can come while the one before still runs, which then keeps the connections it has.
   */
  public boolean takesOver(SourceSpec before) {
    return factory == before.factory && takesOver(factory, before.config, config);
  }

  /** Makes the source; touches nothing outside. */
  public Source create(SourceContext context) {
    return create(factory, config, context);
  }

  private static <C extends Record> boolean takesOver(
      SourceFactory<C> factory, Record before, Record now) {
    return factory.takesOver(factory.configType().cast(before), factory.configType().cast(now));
  }

  private static <C extends Record> Set<Claim> claims(SourceFactory<C> factory, Record config) {
    return factory.claims(factory.configType().cast(config));
  }

  private static <C extends Record> Optional<Every> every(SourceFactory<C> factory, Record config) {
    return factory.every(factory.configType().cast(config));
  }

  private static <C extends Record> Optional<Counterpart> counterpart(
      SourceFactory<C> factory, Record config) {
    return factory.counterpart(factory.configType().cast(config));
  }

  private static <C extends Record> void inspect(
      SourceFactory<C> factory, Record config, Findings findings) {
    factory.inspect(factory.configType().cast(config), findings);
  }

  private static <C extends Record> Source create(
      SourceFactory<C> factory, Record config, SourceContext context) {
    return factory.create(factory.configType().cast(config), context);
  }
}
