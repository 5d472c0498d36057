package io.sluice.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.harness.GatewayProcess;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code sluice send} to a gateway of its own, over TCP. */
@ExtendWith(VertxExtension.class)
class SendOverTcpTest {
  private static final String CONFIG =
      """
      {
        "admin": { "listen": "127.0.0.1:{{admin}}" },
        "sources": {
          "lines": {
            "type": "tcp", "listen": "127.0.0.1:{{tcp}}", "receipts": %s, "to": "events",
            "accept": "json", "maxEventBytes": "1KiB"
          }
        },
        "sinks": { "archive": { "type": "file", "from": "events", "path": "out/{stream}.ndjson" } }
      }
      """;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  @TempDir Path directory;

  @Test
  void knowsWhatIsKeptAndWhichLineIsNoGood(Vertx vertx) throws Exception {
    try (GatewayProcess gateway = GatewayProcess.in(directory, CONFIG.formatted("true")).start()) {
      String lines = "1\n\n2\nno json\n3\n\"" + "x".repeat(2000) + "\"\n4\n5\n6";
      int exit = run(vertx, gateway, new ByteArrayInputStream(lines.getBytes(UTF_8)));

      assertThat(exit).isEqualTo(1);
      assertThat(out.toString()).contains("accepted 6, duplicates 0, rejected 2, failed 0");
      assertThat(err.toString()).contains("line 4: invalid-json").contains("line 6: too-long");
      Awaitility.await().until(() -> written().size() == 6);
      assertThat(written()).containsExactly("1", "2", "3", "4", "5", "6");
    }
  }

  @Test
  void saysThatNothingWasSaidWithoutReceipts(Vertx vertx) throws Exception {
    try (GatewayProcess gateway = GatewayProcess.in(directory, CONFIG.formatted("false")).start()) {
      InputStream lines = new ByteArrayInputStream("1\n2\n".getBytes(UTF_8));
      int exit = run(gateway, new SendCommand(() -> vertx, lines, Duration.ofMillis(500)));

      assertThat(exit).isZero();
      assertThat(out.toString()).contains("sent 2 events").contains("accepted 0,");
      Awaitility.await().until(() -> written().size() == 2);
    }
  }

  /** At least once: all that was accepted is there, and what was sent again may be there twice. */
  @Test
  void killedAgainAndAgainTheGatewayLosesNothingThatWasAccepted(Vertx vertx) throws Exception {
    long seed = Long.getLong("sluice.seed", System.nanoTime());
    System.out.printf("kills over TCP: seed %d%n", seed);
    Random random = new Random(seed);
    try (GatewayProcess gateway = GatewayProcess.in(directory, CONFIG.formatted("true")).start()) {
      Endless lines = new Endless();
      CompletableFuture<Integer> exit =
          CompletableFuture.supplyAsync(() -> run(vertx, gateway, lines));
      for (int round = 0; round < 2; round++) {
        int before = lines.count();
        Awaitility.await()
            .atMost(60, TimeUnit.SECONDS)
            .pollInterval(10, TimeUnit.MILLISECONDS)
            .until(() -> lines.count() > before + 2_000);
        assertThat(new CountDownLatch(1).await(random.nextInt(200), TimeUnit.MILLISECONDS))
            .isFalse();
        gateway.kill();
        gateway.start();
      }
      lines.end();
      assertThat(exit.get(120, TimeUnit.SECONDS)).as("seed %d: %s", seed, err).isZero();
      assertThat(out.toString())
          .contains("accepted %,d, duplicates 0, rejected 0, failed 0".formatted(lines.count()));
      Set<String> sent =
          new HashSet<>(IntStream.range(0, lines.count()).mapToObj(Endless::line).toList());
      Awaitility.await()
          .atMost(60, TimeUnit.SECONDS)
          .until(() -> new HashSet<>(written()).size() >= sent.size());
      assertThat(new HashSet<>(written())).as("seed %d", seed).isEqualTo(sent);
      System.out.printf(
          "kills over TCP: %d events accepted, %d of them there more than once%n",
          sent.size(), written().size() - sent.size());
    }
  }

  /** Numbered lines until it is told to end. */
  private static final class Endless extends InputStream {
    private byte[] line = {};
    private int at;
    private final AtomicInteger next = new AtomicInteger();
    private volatile boolean ended;

    static String line(int number) {
      return "{\"id\":" + number + "}";
    }

    void end() {
      ended = true;
    }

    int count() {
      return next.get();
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0];
    }

    @Override
    public int read(byte[] into, int from, int length) {
      if (at == line.length) {
        if (ended) {
          return -1;
        }
        line = (line(next.getAndIncrement()) + "\n").getBytes(UTF_8);
        at = 0;
      }
      int count = Math.min(length, line.length - at);
      System.arraycopy(line, at, into, from, count);
      at += count;
      return count;
    }

    @Override
    public int available() {
      return ended ? 0 : 1;
    }
  }

  private List<String> written() throws IOException {
    Path file = directory.resolve("out");
    if (!Files.isDirectory(file)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(file)) {
      return files.flatMap(each -> lines(each)).toList();
    }
  }

  private static Stream<String> lines(Path file) {
    try {
      return Arrays.stream(Files.readString(file).split("\n")).filter(line -> !line.isEmpty());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private int run(Vertx vertx, GatewayProcess gateway, InputStream input) {
    return run(gateway, new SendCommand(() -> vertx, input));
  }

  private int run(GatewayProcess gateway, SendCommand command) {
    return new CommandLine(command)
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(
            "--no-progress",
            "--retry-for",
            "60s",
            "--to",
            "tcp://127.0.0.1:" + gateway.port("tcp"));
  }
}
