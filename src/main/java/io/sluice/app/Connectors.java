package io.sluice.app;

import io.sluice.connector.Catalog;
import io.sluice.net.Listeners;
import io.sluice.sink.console.ConsoleSinkFactory;
import io.sluice.sink.discard.DiscardSinkFactory;
import io.sluice.sink.file.FileSinkFactory;
import io.sluice.source.http.HttpSourceFactory;
import io.sluice.source.poll.Hosts;
import io.sluice.source.poll.PollSourceFactory;
import io.sluice.source.poll.directory.DirectoryPollFactory;
import io.sluice.source.poll.http.HttpPollFactory;
import io.sluice.source.poll.sql.SqlPollFactory;
import io.sluice.source.tcp.TcpSourceFactory;
import io.sluice.source.websocket.WebSocketSourceFactory;
import io.sluice.telemetry.Meters;
import java.util.List;
import java.util.function.Supplier;

/** Every connector that ships with Sluice. */
final class Connectors {
  private Connectors() {}

  /** The catalog. Adding a connector means adding it here. */
  static Catalog catalog(Surroundings surroundings, Supplier<Meters> meters) {
    Once<Listeners> listeners =
        new Once<>(
            () -> new Listeners(surroundings.vertx(), meters.get().registry(), Surroundings.LOOPS));
    Once<Hosts> hosts = new Once<>(() -> Hosts.of(surroundings.vertx()));
    return Catalog.of(
        List.of(
            new HttpSourceFactory(listeners),
            new WebSocketSourceFactory(listeners),
            new TcpSourceFactory(listeners),
            PollSourceFactory.of(new HttpPollFactory(), hosts),
            PollSourceFactory.of(new DirectoryPollFactory(), hosts),
            PollSourceFactory.of(new SqlPollFactory(), hosts)),
        List.of(
            new FileSinkFactory(), new ConsoleSinkFactory(System.out), new DiscardSinkFactory()));
  }
}
