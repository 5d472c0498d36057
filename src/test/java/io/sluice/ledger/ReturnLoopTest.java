package io.sluice.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.harness.Effort;
import io.sluice.harness.GatewayProcess;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ends the gateway again and again under clients that come back and go on: over WebSocket with
 * their sessions, over TCP with ids and a stream with dedupe. Every event they made is settled in
 * the end, and in the sink's files once.
 *
 * <p>{@code -Dsluice.kill.rounds=300} sets the rounds of the long run, {@code -Dsluice.seed}
 * repeats one.
 */
class ReturnLoopTest {
  private static final String CONFIG =
      """
      {
        "admin": { "listen": "127.0.0.1:{{admin}}" },
        "sources": {
          "live": {
            "type": "websocket", "listen": "127.0.0.1:{{ws}}", "path": "/v1/live",
            "accept": "json", "to": "live"
          },
          "lines": {
            "type": "tcp", "listen": "127.0.0.1:{{tcp}}", "accept": "json", "receipts": true,
            "to": "lines"
          }
        },
        "streams": {
          "live": { "maxBytes": "64MiB" },
          "lines": { "maxBytes": "64MiB", "dedupe": { "by": "/id", "window": "1h" } }
        },
        "sinks": {
          "archive": {
            "type": "file", "from": ["live", "lines"], "path": "out/{stream}-{seq}.ndjson",
            "maxBytes": "1MiB"
          }
        }
      }
      """;

  /** How a round ends. */
  private enum End {
    KILL,
    STOP
  }

  private final long seed = Long.getLong("sluice.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Ledger ledger = new Ledger();
  @TempDir Path directory;

  @Test
  void killedSessionsGoOnWithoutLossOrDouble() throws Exception {
    endAndCompare(End.KILL, 1, this::sessions);
  }

  @Test
  void restartedSessionsGoOnWithoutLossOrDouble() throws Exception {
    endAndCompare(End.STOP, 1, this::sessions);
  }

  @Test
  void killedDedupeLeavesOutWhatIsSentAgainOverTcp() throws Exception {
    endAndCompare(End.KILL, 1, this::lines);
  }

  @Test
  @Tag("slow")
  void killedManyTimesSessionsGoOnWithoutLossOrDouble() throws Exception {
    endAndCompare(End.KILL, manyRounds(), this::sessions);
  }

  @Test
  @Tag("slow")
  void restartedManyTimesSessionsGoOnWithoutLossOrDouble() throws Exception {
    endAndCompare(End.STOP, manyRounds(), this::sessions);
  }

  @Test
  @Tag("slow")
  void killedManyTimesDedupeLeavesOutWhatIsSentAgainOverTcp() throws Exception {
    endAndCompare(End.KILL, manyRounds(), this::lines);
  }

  private static int manyRounds() {
    return Effort.of(Integer.getInteger("sluice.kill.rounds", 20), 5);
  }

  /** Makes the clients' ways to a gateway. */
  private interface Ways {
    Supplier<Link.Opening> to(GatewayProcess gateway);
  }

  private Supplier<Link.Opening> sessions(GatewayProcess gateway) {
    URI live = URI.create("ws://127.0.0.1:" + gateway.port("ws") + "/v1/live");
    return () -> new SessionLink.Session(live);
  }

  private Supplier<Link.Opening> lines(GatewayProcess gateway) {
    return () -> () -> new LineLink(gateway.port("tcp"));
  }

  private void endAndCompare(End end, int rounds, Ways ways) throws Exception {
    System.out.printf("return loop: %s, %d rounds, seed %d%n", end, rounds, seed);
    Path out = directory.resolve("out");
    int connections;
    try (GatewayProcess gateway = GatewayProcess.in(directory, CONFIG).start();
        ReturningClients clients = new ReturningClients(ledger, ways.to(gateway), random)) {
      for (int round = 1; round <= rounds; round++) {
        pass(300 + random.nextInt(1200));
        if (end == End.KILL) {
          gateway.kill();
        } else {
          assertThat(gateway.stop()).as(gateway.output()).isZero();
        }
        gateway.start();
      }
      pass(200);
      connections = clients.finish().opened();
      awaitArrivals(out);
      assertThat(gateway.stop()).as("exit code, seed %d: %s", seed, gateway.output()).isZero();
    }
    List<String> wrong = ledger.compare(out);
    System.out.printf(
        "return loop: %s, %d events, %d connections%n", end, ledger.acknowledged(), connections);
    assertThat(wrong.stream().limit(50).toList())
        .as("seed %d, %d things wrong", seed, wrong.size())
        .isEmpty();
    assertThat(ledger.acknowledged()).as("all are settled").isEqualTo(ledger.taken());
    assertThat(connections).as("every client came back").isGreaterThanOrEqualTo(4 * (rounds + 1));
  }

  private void awaitArrivals(Path out) {
    try {
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .pollInterval(Duration.ofMillis(200))
          .until(() -> ledger.missing(out) == 0);
    } catch (ConditionTimeoutException e) {
      System.out.println("return loop: not everything arrived within a minute");
    }
  }

  /** Lets time pass: the moment of the end is the test's input. */
  private static void pass(int millis) throws InterruptedException {
    assertThat(new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS)).isFalse();
  }
}
