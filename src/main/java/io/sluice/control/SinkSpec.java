package io.sluice.control;

import io.sluice.connector.Claim;
import io.sluice.connector.Sink;
import io.sluice.connector.SinkContext;
import io.sluice.connector.SinkFactory;
import io.sluice.delivery.SinkSettings;
import java.util.Set;

/**
 * A sink as it is wanted. Two that are equal need no restart.
 *
 * @param name what the operator calls it
 * @param type what kind it is
 * @param settings what every sink has
 * @param config its own settings
 * @param factory what makes it
 */
public record SinkSpec(
    String name, String type, SinkSettings settings, Record config, SinkFactory<?> factory) {

  /** What it must own alone. */
  public Set<Claim> claims() {
    return claims(factory, config);
  }

  /** Makes the sink; touches nothing outside. */
  public Sink create(SinkContext context) {
    return create(factory, config, context);
  }

  private static <C extends Record> Set<Claim> claims(SinkFactory<C> factory, Record config) {
    return factory.claims(factory.configType().cast(config));
  }

  private static <C extends Record> Sink create(
      SinkFactory<C> factory, Record config, SinkContext context) {
    return factory.create(factory.configType().cast(config), context);
  }
}
