package io.sluice.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.config.HostPort;
import io.sluice.harness.Loop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Endpoints whose clients do not go by themselves. */
class TcpMountTest {
  private static final int LOOPS = 2;

  private final Vertx vertx = Vertx.vertx();
  private final Loop home = Loop.of(vertx);
  private final List<Stubborn> all = new ArrayList<>();

  @AfterEach
  void close() {
    Loop.wait(vertx.close());
  }

  /** Its connections never end; knows on which threads it was made and closed. */
  private static final class Stubborn implements TcpEndpoint {
    final Thread loop = Thread.currentThread();
    volatile Thread closed;

    @Override
    public TcpPeer connected(TcpConnection connection) {
      throw new AssertionError("nobody connects");
    }

    @Override
    public Future<Void> drain() {
      return Promise.<Void>promise().future();
    }

    @Override
    public Future<Void> retire() {
      return drain();
    }

    @Override
    public Future<Void> close() {
      closed = Thread.currentThread();
      return Future.succeededFuture();
    }
  }

  private TcpEndpoint endpoint() {
    Stubborn made = new Stubborn();
    synchronized (all) {
      all.add(made);
    }
    return made;
  }

  private TcpMount listen(Listeners listeners, HostPort address) {
    return Loop.wait(
        listeners.listen(
            address,
            "devices",
            new TcpSettings(10, 10, Optional.empty(), Optional.empty()),
            this::endpoint,
            Duration.ofMillis(50)));
  }

  @Test
  void whatDoesNotEndInTimeIsClosedOnItsOwnEventLoop() {
    Listeners listeners = home.call(() -> new Listeners(vertx, new SimpleMeterRegistry(), LOOPS));
    TcpMount first = listen(listeners, HostPort.parse("127.0.0.1:0"));
    TcpMount second = listen(listeners, first.address());

    Loop.wait(first.unmount());
    Loop.wait(second.unmount());

    assertThat(all).hasSize(2 * LOOPS).allMatch(endpoint -> endpoint.closed == endpoint.loop);
  }
}
