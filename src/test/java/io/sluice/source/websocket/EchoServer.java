package io.sluice.source.websocket;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.config.HostPort;
import io.sluice.net.Endpoint;
import io.sluice.net.ListenerSettings;
import io.sluice.net.Listeners;
import io.sluice.net.Mount;
import io.sluice.net.Route;
import io.sluice.net.Upgrade;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The connections of a WebSocket source, which send back each message as it came. */
final class EchoServer implements Route, AutoCloseable {
  private static final int LARGEST = 32 << 20;
  private static final long LONG = TimeUnit.MINUTES.toNanos(5);

  private final Vertx vertx = Vertx.vertx();
  private final Mount mount;

  EchoServer() {
    ListenerSettings settings =
        new ListenerSettings(
            1000,
            1000,
            Duration.ofMinutes(5),
            Duration.ofMinutes(5),
            Optional.empty(),
            Optional.empty());
    mount =
        new Listeners(vertx, new SimpleMeterRegistry(), 1)
            .mount(new HostPort("127.0.0.1", 0), settings, this, Duration.ofSeconds(1))
            .timeout(10, TimeUnit.SECONDS)
            .await();
  }

  int port() {
    return mount.address().port();
  }

  @Override
  public String path() {
    return "/";
  }

  @Override
  public Endpoint open() {
    return new EchoEndpoint();
  }

  @Override
  public void close() {
    vertx.close().timeout(10, TimeUnit.SECONDS).await();
  }

  private final class EchoEndpoint implements Endpoint {
    private final WebSocketTelemetry telemetry =
        new WebSocketTelemetry("echo", new SimpleMeterRegistry());

    @Override
    public void handle(HttpServerRequest request) {
      request.response().setStatusCode(404).end();
    }

    @Override
    public boolean speaks(String protocol) {
      return true;
    }

    @Override
    public void upgrade(Upgrade upgrade) {
      Handshakes.confirm(upgrade.request(), false);
      upgrade.accept(this::opened);
    }

    private Runnable opened(NetSocket socket) {
      Inbox inbox = new Inbox();
      Connection connection =
          new Connection(
              vertx,
              socket,
              new Connection.Timing(LONG, LONG, LONG, LONG),
              new Frames.Limits(LARGEST, Integer.MAX_VALUE, true),
              inbox,
              new Echo(inbox),
              telemetry);
      connection.open();
      return connection::gone;
    }

    @Override
    public Future<Void> drain() {
      return Future.succeededFuture();
    }

    @Override
    public Future<Void> close() {
      return Future.succeededFuture();
    }
  }

  private static final class Echo implements Conversation {
    private final Inbox inbox;
    private Connection connection;

    Echo(Inbox inbox) {
      this.inbox = inbox;
    }

    @Override
    public void open(Connection opened) {
      connection = opened;
    }

    @Override
    public void arriving(int bytes, Runnable then) {
      then.run();
    }

    @Override
    public void arrived() {
      while (inbox.whole() > 0) {
        Inbox.Messages messages = inbox.take();
        int[] bounds = messages.bounds();
        for (int i = 0; i < bounds.length; i += 2) {
          connection.send(
              ServerFrame.of(
                  messages.text() ? ServerFrame.TEXT : ServerFrame.BINARY,
                  Arrays.copyOfRange(messages.region(), bounds[i], bounds[i + 1])));
        }
      }
    }

    @Override
    public Future<String> finish() {
      return Future.succeededFuture("");
    }

    @Override
    public void over() {}
  }
}
