package io.sluice.sink.discard;

import io.sluice.connector.Sink;
import io.sluice.connector.SinkContext;
import io.sluice.sink.SinkContract;
import java.nio.file.Path;
import java.util.List;

class DiscardSinkTest implements SinkContract {
  @Override
  public Sink sink(SinkContext context, Path directory) {
    return new DiscardSinkFactory().create(new DiscardConfig(), context);
  }

  @Override
  public List<String> arrived(Path directory) {
    return List.of();
  }

  @Override
  public boolean keeps() {
    return false;
  }
}
