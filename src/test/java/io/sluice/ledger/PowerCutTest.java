package io.sluice.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sluice.harness.Effort;
import io.sluice.harness.GatewayProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Cuts the power of the disk again and again under load, and compares what the gateway had
 * acknowledged with what its file sink wrote. {@code -Dsluice.seed} repeats a run.
 */
@Tag("slow")
class PowerCutTest {
  private static final String CONFIG =
      """
      {
        "admin": { "listen": "127.0.0.1:{{admin}}" },
        "sources": {
          "app": {
            "type": "http", "listen": "127.0.0.1:{{http}}", "path": "/v1/events", "to": "events"
          }
        },
        "streams": { "events": { "buffer": "disk", "maxBytes": "64MiB", "sync": "SYNC" } },
        "sinks": {
          "archive": {
            "type": "file", "from": ["events"], "path": "OUT/{stream}-{seq}.ndjson",
            "maxBytes": "1MiB"
          }
        }
      }
      """;

  private final long seed = Long.getLong("sluice.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Ledger ledger = new Ledger();
  @TempDir Path directory;
  @TempDir Path machine;

  @BeforeEach
  void aDiskThatCanLosePower() {
    assumeTrue(
        PowerCutDisk.possible(), "needs root, nbdkit, nbdfuse (libnbd-bin), ext4 and loop devices");
  }

  @Test
  void whatWasAcknowledgedAsStoredSurvivesOnceAndNothingIsDoubled() throws Exception {
    List<String> wrong = cutAndCompare("always", Effort.of(30, 5));

    assertThat(wrong.stream().limit(50).toList())
        .as("seed %d, %d things wrong", seed, wrong.size())
        .isEmpty();
    assertThat(ledger.acknowledged()).isPositive();
  }

  /** Without it, the other test could pass on a disk that never loses anything. */
  @Test
  void aStreamThatNeverForcesLosesWhatItAcknowledged() throws Exception {
    assertThat(cutAndCompare("never", 1)).anyMatch(line -> line.startsWith("missing"));
  }

  private List<String> cutAndCompare(String sync, int rounds) throws Exception {
    System.out.printf("power cuts: %d rounds, seed %d%n", rounds, seed);
    try (PowerCutDisk disk = new PowerCutDisk(machine)) {
      Path out = disk.root().resolve("out");
      String config = CONFIG.replace("SYNC", sync).replace("OUT", out.toString());
      Files.createSymbolicLink(directory.resolve("data"), disk.root().resolve("data"));
      Files.createDirectory(disk.root().resolve("data"));
      try (GatewayProcess gateway = GatewayProcess.in(directory, config)) {
        for (int round = 1; round <= rounds; round++) {
          cutOnce(gateway, disk, round);
        }
        gateway.start();
        // Its drain delivers what is left.
        assertThat(gateway.stop()).as("exit code, seed %d: %s", seed, gateway.output()).isZero();
      }
      System.out.printf("power cuts: %d events acknowledged%n", ledger.acknowledged());
      return ledger.compare(out);
    }
  }

  /** The disk goes first: what the gateway acknowledges from then on would be a lie. */
  private void cutOnce(GatewayProcess gateway, PowerCutDisk disk, int round) throws Exception {
    gateway.start();
    try (LoadingClients clients =
        new LoadingClients(ledger, gateway.url("http", "/v1/events"), round, random)) {
      pass(100 + random.nextInt(1900));
      disk.cut();
      pass(random.nextInt(200));
      gateway.kill();
    }
    disk.powerOn();
  }

  /** Lets time pass: the moment of the cut is the test's input. */
  private static void pass(int millis) throws InterruptedException {
    assertThat(new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS)).isFalse();
  }
}
