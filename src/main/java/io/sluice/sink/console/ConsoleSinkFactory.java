package io.sluice.sink.console;

import io.sluice.connector.Claim;
import io.sluice.connector.Sink;
import io.sluice.connector.SinkContext;
import io.sluice.connector.SinkFactory;
import java.io.OutputStream;
import java.util.Set;

/** Makes sinks that print. */
public final class ConsoleSinkFactory implements SinkFactory<ConsoleConfig> {
  private final OutputStream out;

  /**
   * A factory of sinks that all print to one place.
   *
   * @param out where to, usually the process's standard output; never closed
   */
  public ConsoleSinkFactory(OutputStream out) {
    this.out = out;
  }

  @Override
  public String type() {
    return "console";
  }

  @Override
  public Class<ConsoleConfig> configType() {
    return ConsoleConfig.class;
  }

  @Override
  public Set<Claim> claims(ConsoleConfig config) {
    return Set.of();
  }

  @Override
  public Sink create(ConsoleConfig config, SinkContext context) {
    return new ConsoleSink(context.name(), config.format(), out, context.vertx());
  }
}
