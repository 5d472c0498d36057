package io.sluice.sink.file;

import io.sluice.connector.Claim;
import io.sluice.connector.Sink;
import io.sluice.connector.SinkContext;
import io.sluice.connector.SinkFactory;
import java.nio.file.Path;
import java.util.Set;

/** Makes sinks that write files. */
public final class FileSinkFactory implements SinkFactory<FileSinkConfig> {
  @Override
  public String type() {
    return "file";
  }

  @Override
  public Class<FileSinkConfig> configType() {
    return FileSinkConfig.class;
  }

  @Override
  public Set<Claim> claims(FileSinkConfig config) {
    return Set.of(
        new Claim("file", Path.of(config.path()).toAbsolutePath().normalize().toString()));
  }

  @Override
  public Sink create(FileSinkConfig config, SinkContext context) {
    FileSinkTelemetry telemetry = new FileSinkTelemetry(context.name(), context.meters());
    Shelf shelf =
        new Shelf(
            config, context.name(), context.memory(), new LocalDisk(), context.clock(), telemetry);
    return new FileSink(context.name(), config.commit(), shelf, context.vertx());
  }

  /**
   * Enough that deliveries keep coming while those of the last 200 ms are committed, also when each
   * is what came in 5 ms. What they hold in memory is bounded by credit.
   */
  @Override
  public int inFlight() {
    return 64;
  }
}
