package io.sluice.source.poll.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.harness.Effort;
import io.sluice.harness.GatewayProcess;
import io.sluice.harness.ProcessMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that is much larger than the heap of the gateway that reads it, which is 256 MiB. */
class LargeFileTest {
  private static final String CONFIG =
      """
      {"admin": {"listen": "127.0.0.1:{{admin}}"},
       "sources": {"logs": {"type": "directory", "path": "in/*.log", "every": "100ms", "to": "logs"}},
       "streams": {"logs": {"maxBytes": "512MiB"}},
       "sinks": {"out": {"type": "file", "from": "logs", "path": "out.log"}}}
      """;

  @TempDir private Path directory;

  @Test
  @Tag("slow")
  void goesThroughInConstantMemory() throws IOException {
    Files.createDirectories(directory.resolve("in"));
    Path file = directory.resolve("in/large.log");
    Path out = directory.resolve("out.log");
    LargeFile.write(file, Effort.of(10 << 10, 640));
    try (GatewayProcess gateway = GatewayProcess.in(directory, CONFIG).start()) {
      Awaitility.await()
          .atMost(Duration.ofMinutes(20))
          .pollInterval(Duration.ofMillis(200))
          .until(() -> Files.exists(out) && Files.size(out) >= Files.size(file));
      long resident = ProcessMemory.of(gateway.pid()).resident();
      System.out.printf(
          "%d MiB went through %d MiB of memory%n", Files.size(file) >> 20, resident >> 20);
      assertThat(resident).isLessThan(512L << 20);
      assertThat(gateway.stop()).isZero();
      assertThat(gateway.output()).doesNotContain("OutOfMemory");
    }
    assertThat(Files.mismatch(file, out)).isEqualTo(-1);
  }
}
