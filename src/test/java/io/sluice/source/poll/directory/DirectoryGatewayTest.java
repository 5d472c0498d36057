package io.sluice.source.poll.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.harness.Effort;
import io.sluice.harness.GatewayProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From files through a gateway in a process of its own into a file. */
class DirectoryGatewayTest {
  private static final String CONFIG =
      """
      {"admin": {"listen": "127.0.0.1:{{admin}}"},
       "sources": {"logs": {"type": "directory", "path": "{path}", "every": "{every}", "settle": "200ms",
                            "after": "{after}", "to": "logs"}},
       "streams": {"logs": {"dedupe": {"by": "/n"}}},
       "sinks": {"out": {"type": "file", "from": "logs", "path": "out.ndjson"}}}
      """;

  @TempDir Path directory;
  @TempDir Path logs;

  private String config(String every, String after) {
    return CONFIG
        .replace("{path}", logs + "/app.log*")
        .replace("{every}", every)
        .replace("{after}", after);
  }

  @Test
  void linesOfARotatedLogArriveOnceThroughKills() throws IOException, InterruptedException {
    rotated(config("50ms", "keep"), 1, 2_000);
  }

  @Test
  @Tag("slow")
  void linesOfARotatedLogArriveOnceThroughManyKills() throws IOException, InterruptedException {
    rotated(config("50ms", "keep"), Effort.of(20, 3), 20_000);
  }

  private void rotated(String config, int kills, int lines)
      throws IOException, InterruptedException {
    AtomicBoolean written = new AtomicBoolean();
    Thread writer = new Thread(() -> write(lines, written));
    try (GatewayProcess gateway = GatewayProcess.in(directory, config).start()) {
      writer.start();
      for (int i = 1; i <= kills; i++) {
        int some = lines * i / (kills + 2);
        await(() -> out().size() >= some);
        gateway.kill();
        gateway.start();
      }
      writer.join();
      assertThat(written).isTrue();
      await(() -> new HashSet<>(out()).size() >= lines);
      assertThat(gateway.stop()).isZero();
    }
    assertThat(out())
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, lines).mapToObj(DirectoryGatewayTest::line).toList());
  }

  @Test
  void filesGoAwayOnceTheirLinesAreStored() throws IOException {
    for (int i = 0; i < 20; i++) {
      Files.writeString(logs.resolve("app.log." + i), line(i) + "\n");
    }
    try (GatewayProcess gateway = GatewayProcess.in(directory, config("50ms", "delete")).start()) {
      await(() -> out().size() == 20);
      await(
          () -> {
            try (var left = Files.list(logs)) {
              return left.findAny().isEmpty();
            }
          });
      assertThat(gateway.stop()).isZero();
    }
  }

  @Test
  void aReloadThatLeavesTheIntervalAloneLeavesWhatWasLearnt() throws Exception {
    String config =
        config("{every}", "keep").replace("\"{every}\"", "{\"min\": \"10ms\", \"max\": \"10m\"}");
    try (GatewayProcess gateway = GatewayProcess.in(directory, config).start()) {
      await(() -> interval(gateway) > 1);
      Path file = directory.resolve("sluice.json");
      Files.writeString(file, Files.readString(file).replace("\"200ms\"", "\"300ms\""));

      await(() -> new JsonObject(gateway.get("/api/v1/topology")).getInteger("generation") == 2);
      assertThat(interval(gateway)).isGreaterThan(1);
      assertThat(gateway.stop()).isZero();
    }
  }

  private static double interval(GatewayProcess gateway) {
    return new JsonObject(gateway.get("/api/v1/topology"))
        .getJsonArray("sources")
        .getJsonObject(0)
        .getDouble("intervalSeconds");
  }

  private static String line(int number) {
    return "{\"n\": " + number + "}";
  }

  /** As a program does whose log is rotated every 500 lines. */
  private void write(int lines, AtomicBoolean written) {
    Path log = logs.resolve("app.log");
    try {
      List<String> some = new ArrayList<>();
      for (int i = 0; i < lines; i++) {
        some.add(line(i));
        if (some.size() == 10) {
          Files.write(log, some, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
          some.clear();
        }
        if (i % 500 == 499) {
          Files.move(log, logs.resolve("app.log." + i));
        }
      }
      written.set(true);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static void await(java.util.concurrent.Callable<Boolean> what) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(50))
        .until(what);
  }

  private List<String> out() {
    Path out = directory.resolve("out.ndjson");
    try {
      return Files.exists(out) ? Files.readAllLines(out) : List.of();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
