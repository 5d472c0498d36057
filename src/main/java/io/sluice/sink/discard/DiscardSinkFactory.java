package io.sluice.sink.discard;

import io.sluice.connector.Claim;
import io.sluice.connector.Sink;
import io.sluice.connector.SinkContext;
import io.sluice.connector.SinkFactory;
import java.util.Set;

/** Makes sinks that take everything and keep nothing. */
public final class DiscardSinkFactory implements SinkFactory<DiscardConfig> {
  @Override
  public String type() {
    return "discard";
  }

  @Override
  public Class<DiscardConfig> configType() {
    return DiscardConfig.class;
  }

  @Override
  public Set<Claim> claims(DiscardConfig config) {
    return Set.of();
  }

  @Override
  public Sink create(DiscardConfig config, SinkContext context) {
    return new DiscardSink(context.name());
  }
}
