package io.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.transport.Transport;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FairTransportTest {
  /** More than Netty reads from a new connection at first, and less than the kernel takes of it. */
  private static final int BYTES = 32 << 10;

  /** What waits on a loop, and how often a connection was read before its turn came. */
  private static final class Turn {
    private final CountDownLatch sent = new CountDownLatch(1);
    private final CompletableFuture<Integer> readBefore = new CompletableFuture<>();
    private int reads;

    void connected() {
      try {
        // Everything has come before the first read.
        assertThat(sent.await(10, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    void read(Context loop) {
      if (++reads == 1) {
        loop.runOnContext(next -> readBefore.complete(reads));
      }
    }
  }

  @Test
  void othersOnTheLoopHaveTheirTurnAfterOneReadOfAConnectionThatHasMore() throws Exception {
    assumeTrue(Transport.EPOLL != null && Transport.EPOLL.available());
    Vertx vertx =
        Vertx.builder().withTransport(new FairTransport(Transport.EPOLL.implementation())).build();
    try {
      assertThat(vertx.isNativeTransportEnabled()).isTrue();
      Turn turn = new Turn();
      NetServer server = vertx.createNetServer();
      server.connectHandler(
          socket -> {
            Context loop = Vertx.currentContext();
            socket.handler(bytes -> turn.read(loop));
            turn.connected();
          });
      server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().get();
      try (Socket client = new Socket(InetAddress.getLoopbackAddress(), server.actualPort())) {
        client.getOutputStream().write(new byte[BYTES]);
        turn.sent.countDown();

        assertThat(turn.readBefore.get(10, TimeUnit.SECONDS)).isOne();
      }
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get();
    }
  }
}
