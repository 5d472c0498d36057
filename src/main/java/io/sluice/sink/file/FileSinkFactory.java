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

  /** A commit's worth on its way to disk, and as much behind it. */
  @Override
  public int inFlight() {
    return 16;
  }
}
