package io.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.harness.GatewayProcess;
import io.sluice.harness.ProcessMemory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Thousands of clients that begin a request and never end it; seen from outside. */
@Tag("slow")
class HalfSentTest {
  private static final int CLIENTS = 3000;
  private static final long MOST_BYTES_EACH = 20 << 10;

  private static final String CONFIG =
      """
      {"admin": {"listen": "127.0.0.1:{{admin}}"},
       "sources": {"in": {"type": "http", "listen": "127.0.0.1:{{http}}", "path": "/v1/events",
                          "to": "events", "bodyWithin": "10s",
                          "maxConnectionsPerAddress": 10000}},
       "sinks": {"nothing": {"type": "discard", "from": "events"}}}
      """;

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Ty",
        "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf",
      })
  void areClosedByADeadlineAndCostLittle(String half) throws IOException {
    List<SocketChannel> clients = new ArrayList<>();
    try (GatewayProcess gateway = GatewayProcess.in(directory, CONFIG).start()) {
      warm(gateway, half);
      ProcessMemory before = ProcessMemory.of(gateway.pid());
      long began = System.nanoTime();
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(open(gateway, half));
      }
      ProcessMemory after = ProcessMemory.of(gateway.pid());
      long each = (after.resident() - before.resident()) / CLIENTS;
      long live = (after.heap() - before.heap()) / CLIENTS;
      System.out.printf(
          "%d half-sent requests cost %d bytes of heap and %d of memory each%n",
          CLIENTS, live, each);

      assertThat(live).isBetween(1L, MOST_BYTES_EACH);
      assertThat(each).isLessThan(MOST_BYTES_EACH);
      Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> allClosed(clients));
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(25));
      assertThat(gateway.status("/health/ready")).isEqualTo(200);
    } finally {
      for (SocketChannel client : clients) {
        client.close();
      }
    }
  }

  /** What the first connections cost is not theirs: classes, pools, the first pages of the heap. */
  private static void warm(GatewayProcess gateway, String half) throws IOException {
    List<SocketChannel> first = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      first.add(open(gateway, half));
    }
    for (SocketChannel client : first) {
      client.close();
    }
  }

  private static SocketChannel open(GatewayProcess gateway, String half) throws IOException {
    SocketChannel client =
        SocketChannel.open(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.port("http")));
    client.setOption(StandardSocketOptions.TCP_NODELAY, true);
    client.write(StandardCharsets.US_ASCII.encode(half));
    client.configureBlocking(false);
    return client;
  }

  /** Reads whatever came; whether the other side has closed all of them. */
  private static boolean allClosed(List<SocketChannel> clients) {
    ByteBuffer any = ByteBuffer.allocate(4096);
    clients.removeIf(
        client -> {
          try {
            while (client.read(any.clear()) > 0) {
              // An answer, before it closes.
            }
            if (client.read(any.clear()) >= 0) {
              return false;
            }
            client.close();
          } catch (IOException reset) {
            // Closed, the other way.
          }
          return true;
        });
    return clients.isEmpty();
  }
}
