package io.sluice.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sluice.harness.GatewayProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway whose disk takes a second for each force: {@code strace} holds the calls up. */
@Tag("slow")
class SlowDiskTest {
  private static final String CONFIG =
      """
      {
        "admin": { "listen": "127.0.0.1:{{admin}}" },
        "sources": {
          "app": {
            "type": "http", "listen": "127.0.0.1:{{http}}", "path": "/v1/events", "to": "events"
          }
        },
        "sinks": { "archive": { "type": "file", "from": "events", "path": "out/all.ndjson" } }
      }
      """;

  private final Random random = new Random(1);
  private final Ledger ledger = new Ledger();
  @TempDir private Path directory;

  @Test
  void holdsUpNobodyWhoDoesNotWaitForItAndLosesNothing() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/strace")), "needs strace");
    try (GatewayProcess gateway =
        GatewayProcess.in(directory, CONFIG)
            .under(
                "strace",
                "-D",
                "-f",
                "-qq",
                "--seccomp-bpf",
                "-e",
                "trace=fdatasync,fsync",
                "-e",
                "inject=fdatasync,fsync:delay_exit=1000000",
                "-o",
                "/dev/null")
            .start()) {
      try (LoadingClients clients =
          new LoadingClients(ledger, gateway.url("http", "/v1/events"), 1, random)) {
        for (int i = 0; i < 40; i++) {
          long begun = System.nanoTime();
          assertThat(gateway.status("/health/live")).isEqualTo(200);
          assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun))
              .as("ms, though a force takes 1000")
              .isLessThan(700);
          pass(100);
        }
      }
      assertThat(gateway.stop()).as(gateway.output()).isZero();
    }
    assertThat(ledger.compare(directory.resolve("out"))).isEmpty();
    assertThat(ledger.acknowledged()).isPositive();
  }

  /** Lets time pass: it is the test's input. */
  private static void pass(int millis) throws InterruptedException {
    assertThat(new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS)).isFalse();
  }
}
