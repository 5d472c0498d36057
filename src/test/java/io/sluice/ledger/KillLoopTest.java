package io.sluice.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.harness.ChildJvm;
import io.sluice.harness.GatewayProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the gateway again and again under load, and compares what it had acknowledged with what its
 * file sink wrote.
 *
 * <p>{@code -Dsluice.kill.rounds=300} sets the rounds of the long run, {@code -Dsluice.seed}
 * repeats one.
 */
class KillLoopTest {
  private static final String CONFIG =
      """
      {
        "admin": { "listen": "127.0.0.1:{{admin}}" },
        "sources": {
          "app": {
            "type": "http", "listen": "127.0.0.1:{{http}}", "path": "/v1/events", "to": "events"
          }
        },
        "streams": { "events": { "buffer": "disk" } },
        "sinks": {
          "archive": {
            "type": "file", "from": ["events"], "path": "out/{stream}-{seq}.ndjson",
            "maxBytes": "1MiB"
          }
        }
      }
      """;

  private final long seed = Long.getLong("sluice.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Ledger ledger = new Ledger();
  @TempDir Path directory;

  @Test
  void killedThreeTimesItLosesNothingAndDoublesNothing() throws InterruptedException {
    killAndCompare(3);
  }

  @Test
  @Tag("slow")
  void killedManyTimesItLosesNothingAndDoublesNothing() throws InterruptedException {
    killAndCompare(Integer.getInteger("sluice.kill.rounds", 20));
  }

  private void killAndCompare(int rounds) throws InterruptedException {
    System.out.printf("kill loop: %d rounds, seed %d%n", rounds, seed);
    Path out = directory.resolve("out");
    try (GatewayProcess gateway = GatewayProcess.in(directory, CONFIG)) {
      for (int round = 1; round <= rounds; round++) {
        killOnce(gateway, round);
        if (random.nextInt(4) == 0) {
          killWhileStarting(gateway);
        }
      }
      gateway.start();
      awaitArrivals(gateway, out);
      assertThat(gateway.stop()).as("exit code, seed %d: %s", seed, gateway.output()).isZero();
    }
    List<String> wrong = ledger.compare(out);
    System.out.printf("kill loop: %d events acknowledged%n", ledger.acknowledged());
    assertThat(wrong.stream().limit(50).toList())
        .as("seed %d, %d things wrong", seed, wrong.size())
        .isEmpty();
    assertThat(ledger.acknowledged()).isPositive();
  }

  /** Waits for what is still missing; the comparison afterwards says what never came. */
  private void awaitArrivals(GatewayProcess gateway, Path out) {
    try {
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .pollInterval(Duration.ofMillis(500))
          .until(() -> ledger.missing(out) == 0 || !gateway.alive());
    } catch (ConditionTimeoutException e) {
      System.out.println("kill loop: not everything arrived within a minute");
    }
  }

  private void killOnce(GatewayProcess gateway, int round) throws InterruptedException {
    gateway.start();
    try (LoadingClients clients =
        new LoadingClients(ledger, gateway.url("http", "/v1/events"), round, random)) {
      pass(50 + random.nextInt(1950));
      gateway.kill();
    }
  }

  /** Recovery has to stand being killed, too. */
  private void killWhileStarting(GatewayProcess gateway) throws InterruptedException {
    try (ChildJvm starting = gateway.launch()) {
      pass(100 + random.nextInt(1400));
      starting.kill();
    }
  }

  /** Lets time pass: the moment of the kill is the test's input. */
  private static void pass(int millis) throws InterruptedException {
    assertThat(new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS)).isFalse();
  }
}
