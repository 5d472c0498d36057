package io.sluice.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.harness.Effort;
import io.sluice.harness.GatewayProcess;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the gateway again and again while it reads a directory, and compares what the files held
 * with what the file sink wrote: with dedupe each line once.
 *
 * <p>{@code -Dsluice.kill.rounds=100} sets the rounds, {@code -Dsluice.seed} repeats a run.
 */
@Tag("slow")
class PullKillLoopTest {
  private static final int LINES = 4000;
  private static final String CONFIG =
      """
      {
        "admin": { "listen": "127.0.0.1:{{admin}}" },
        "sources": {
          "lines": {
            "type": "directory", "path": "in/*.ndjson", "contentType": "application/json",
            "every": "50ms", "to": "events"
          }
        },
        "streams": { "events": { "dedupe": { "by": "/id" } } },
        "sinks": {
          "archive": { "type": "file", "from": ["events"], "path": "out/{stream}-{seq}.ndjson" }
        }
      }
      """;

  private final long seed = Long.getLong("sluice.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Ledger ledger = new Ledger();
  @TempDir private Path directory;

  @Test
  void killedWhilePollingItLosesNothingAndDoublesNothing() throws Exception {
    int rounds = Effort.of(Integer.getInteger("sluice.kill.rounds", 10), 3);
    System.out.printf("pull kill loop: %d rounds, seed %d%n", rounds, seed);
    Files.createDirectories(directory.resolve("in"));
    Path out = directory.resolve("out");
    try (GatewayProcess gateway = GatewayProcess.in(directory, CONFIG)) {
      for (int round = 1; round <= rounds; round++) {
        gateway.start();
        for (int part = 0; part < 4; part++) {
          write(round % 3, round);
          pass(random.nextInt(120));
        }
        gateway.kill();
      }
      gateway.start();
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .pollInterval(Duration.ofMillis(500))
          .until(() -> ledger.missing(out) == 0 || !gateway.alive());
      assertThat(gateway.stop()).as("exit code, seed %d: %s", seed, gateway.output()).isZero();
    }
    List<String> wrong = ledger.compare(out);
    System.out.printf("pull kill loop: %d lines written%n", ledger.acknowledged());
    assertThat(wrong.stream().limit(50).toList())
        .as("seed %d, %d things wrong", seed, wrong.size())
        .isEmpty();
  }

  private void write(int file, int round) throws IOException {
    long first = ledger.take(LINES);
    try (Writer lines =
        Files.newBufferedWriter(
            directory.resolve("in/" + file + ".ndjson"),
            StandardCharsets.UTF_8,
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND)) {
      for (int i = 0; i < LINES; i++) {
        lines.write(Ledger.event(first + i, random.nextInt(100)));
        lines.write('\n');
      }
    }
    ledger.acknowledged(first, LINES, round);
  }

  /** Lets time pass: the moment of the kill is the test's input. */
  private static void pass(int millis) throws InterruptedException {
    assertThat(new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS)).isFalse();
  }
}
