package io.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark's own checks have to find what they look for. */
class ArrivalsTest {
  @TempDir Path directory;

  @Test
  void countsWhatCameSinceTheLastTime() throws IOException {
    Arrivals arrivals = new Arrivals(directory);
    write("events-000.ndjson", 0, 10);
    assertThat(arrivals.take()).isEqualTo(new Arrivals.Count(10, 0));
    assertThat(arrivals.take()).isEqualTo(new Arrivals.Count(0, 0));

    write("events-000.ndjson", 0, 5);
    write("events-001.ndjson", 5, 7);
    write("events-002.ndjson", 12, 1);
    assertThat(arrivals.take()).isEqualTo(new Arrivals.Count(13, 0));
    assertThat(arrivals.bytes()).isEqualTo(23 * 201);
    assertThat(directory.toFile().list()).containsExactly("events-002.ndjson");
  }

  @Test
  void findsWhatIsThereTwice() throws IOException {
    Arrivals arrivals = new Arrivals(directory);
    write("events-000.ndjson", 0, 10);
    write("events-001.ndjson", 9, 2);
    assertThat(arrivals.take()).isEqualTo(new Arrivals.Count(12, 1));
  }

  @Test
  void failsOnHalfALineAndOnALineThatIsNone() throws IOException {
    Arrivals arrivals = new Arrivals(directory);
    Path file = write("events-000.ndjson", 0, 1);
    Files.writeString(file, "{\"id\":", StandardOpenOption.APPEND);
    assertThatThrownBy(arrivals::take).isInstanceOf(AssertionError.class);
    Files.writeString(file, "x".repeat(201));
    assertThatThrownBy(arrivals::take).isInstanceOf(AssertionError.class);
  }

  @Test
  void readsCpuTimeOfAProcess() {
    assertThat(
            ProcessTime.parse(
                "4321 (a (b) c) S 1 4321 4321 0 -1 4194560 9 0 0 0 150 25 7 7 20 0 1 0"))
        .isEqualTo(Duration.ofMillis(1750));
    assertThat(ProcessTime.of(ProcessHandle.current().pid())).isPositive();
  }

  private Path write(String name, int first, int count) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = first; i < first + count; i++) {
      String line = String.format("{\"id\":\"abcdefgh-%012x\",\"note\":\"", i);
      lines.append(line).append("n".repeat(198 - line.length())).append("\"}\n");
    }
    return Files.writeString(
        directory.resolve(name), lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
