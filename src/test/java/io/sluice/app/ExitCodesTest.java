package io.sluice.app;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.sluice.harness.ChildJvm;
import io.sluice.harness.GatewayProcess;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the process ends, and what it says then; seen from outside. */
class ExitCodesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  /** Of a segment's header, of which there are two. Bytes. */
  private static final int HEADER = 2048;

  private static final String EVENT = "{\"id\":1}";

  private static final String CONFIG =
      """
      {"admin": {"listen": "127.0.0.1:{{admin}}"},
       "sources": {"in": {"type": "http", "listen": "127.0.0.1:{{http}}", "path": "/v1/events",
                          "to": "events"}},
       "sinks": {"archive": {"type": "file", "from": "events", "path": "out/events.ndjson"}}}
      """;

  @TempDir private Path directory;

  private GatewayProcess gateway(String config) {
    return GatewayProcess.in(directory, config);
  }

  /** Starts it, waits for its end, and answers the last line it printed. */
  private static String lastLineOf(GatewayProcess gateway, int code) {
    try (ChildJvm child = gateway.launch()) {
      int exit = child.exitCode(PATIENCE);
      assertThat(exit).as(child.output()).isEqualTo(code);
      List<String> lines = child.output().lines().toList();
      assertThat(lines).as("no stack traces").noneMatch(line -> line.startsWith("\tat "));
      return lines.get(lines.size() - 1);
    }
  }

  @Test
  void aWrongConfigurationEndsWith78AndTellsThePlace() {
    String config = CONFIG.replace("\"path\": \"out", "\"pth\": \"out");
    GatewayProcess gateway = gateway(config);

    assertThat(lastLineOf(gateway, 78)).contains("configuration");
    assertThat(gateway.output()).contains("sluice.json").contains("/sinks/archive/pth");
    assertThat(directory.resolve("data")).doesNotExist();
  }

  @Test
  void aDataDirectoryThatCannotBeMadeEndsWith73() throws IOException {
    GatewayProcess gateway = gateway(CONFIG);
    Files.writeString(directory.resolve("data"), "a file in the way");

    assertThat(lastLineOf(gateway, 73))
        .startsWith("sluice: ")
        .contains(directory.resolve("data").toString());
  }

  @Test
  void aPortInUseEndsWith1AndNamesTheAddress() throws IOException {
    GatewayProcess gateway = gateway(CONFIG);
    try (ServerSocket taken =
        new ServerSocket(gateway.port("http"), 1, InetAddress.getLoopbackAddress())) {
      assertThat(lastLineOf(gateway, 1))
          .startsWith("sluice: ")
          .contains("127.0.0.1:" + taken.getLocalPort());
    }
  }

  private static String withStreams(String streams) {
    return CONFIG.replace("\"sinks\"", "\"streams\": {" + streams + "},\n \"sinks\"");
  }

  @Test
  void aStreamLargerThanTheDiskEndsWith78AndTellsBothSizes() {
    GatewayProcess gateway = gateway(withStreams("\"events\": {\"maxBytes\": \"900000TiB\"}"));

    assertThat(lastLineOf(gateway, 78)).contains("configuration");
    assertThat(gateway.output().lines())
        .filteredOn(line -> line.contains("/streams/events/maxBytes"))
        .singleElement(as(STRING))
        .contains("sluice.json:4:")
        .contains("asks for " + (900_000L << 40) + " bytes")
        .containsPattern("has room for [0-9]+ bytes");
  }

  @Test
  void streamsThatOnlyTogetherAreLargerThanTheDiskEndWith78Too() throws IOException {
    long half = Files.getFileStore(directory).getUsableSpace() / 1024 * 2 / 3;
    String size = "{\"maxBytes\": \"" + half + "KiB\"}";
    GatewayProcess gateway = gateway(withStreams("\"events\": " + size + ", \"more\": " + size));

    assertThat(lastLineOf(gateway, 78)).contains("configuration");
    assertThat(gateway.output())
        .contains("/streams/more/maxBytes: asks for " + half * 1024 + " bytes, beside ");
  }

  @Test
  void aDataDirectoryInUseEndsWith75AndTheOtherRunsOn() {
    // Both write to one log, and the first would tell that the second's file has other ports.
    try (GatewayProcess first = gateway(CONFIG).with("--watch", "0s").start();
        GatewayProcess second = gateway(CONFIG)) {
      assertThat(lastLineOf(second, 75)).contains("in use").contains("pid " + first.pid());
      assertThat(first.alive()).isTrue();
    }
  }

  @Test
  void aJournalOfALaterReleaseEndsWith78() throws IOException {
    try (GatewayProcess gateway = gateway(CONFIG).start()) {
      assertThat(gateway.stop()).isZero();
      for (Path segment : segments()) {
        try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
          raiseVersion(file);
        }
      }

      assertThat(lastLineOf(gateway, 78)).startsWith("sluice: ").contains("journal format 2");
    }
  }

  private List<Path> segments() throws IOException {
    try (var files = Files.list(directory.resolve("data/streams/events"))) {
      return files.filter(file -> file.toString().endsWith(".seg")).toList();
    }
  }

  /** Both copies of the header with format 2 and a sum that fits. */
  private static void raiseVersion(RandomAccessFile file) throws IOException {
    for (int at = 0; at < 2 * HEADER; at += HEADER) {
      byte[] bytes = new byte[HEADER];
      file.seek(at);
      file.readFully(bytes);
      ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      header.putShort(Long.BYTES, (short) 2);
      CRC32C sum = new CRC32C();
      sum.update(bytes, 0, HEADER - Integer.BYTES);
      header.putInt(HEADER - Integer.BYTES, (int) sum.getValue());
      file.seek(at);
      file.write(bytes);
    }
  }

  @Test
  void sigtermUnderLoadEndsWith0AndEverythingAcknowledgedIsInTheFile() throws IOException {
    try (GatewayProcess gateway = gateway(CONFIG).start();
        Pushers pushers = new Pushers(gateway.port("http"), 4)) {
      pushers.start();
      Awaitility.await().atMost(PATIENCE).until(() -> pushers.acknowledged().size() > 2000);

      int exit = gateway.stop();
      pushers.stop();

      assertThat(exit).as(gateway.output()).isZero();
      assertThat(gateway.output())
          .contains("admin listening listen=127.0.0.1:" + gateway.port("admin"))
          .contains(" listening listen=127.0.0.1:" + gateway.port("http"))
          .contains("stopped left=nothing");
      List<String> written = ids();
      assertThat(Set.copyOf(written)).containsAll(pushers.acknowledged());
      assertThat(written).as("each once").doesNotHaveDuplicates();

      gateway.start();
      assertThat(gateway.stop()).isZero();
      assertThat(ids()).isEqualTo(written);
      assertThat(gateway.output()).doesNotContain("ERROR");
    }
  }

  @Test
  void aSecondSigtermShortensTheDrainAndLosesNothing() throws IOException {
    try (GatewayProcess gateway = gateway(CONFIG)) {
      Files.writeString(directory.resolve("out"), "a file where the sink's directory should be");
      ChildJvm child = gateway.launch();
      gateway.awaitReady();
      assertThat(post(gateway)).isEqualTo(202);

      child.terminate();
      Awaitility.await().atMost(PATIENCE).until(() -> gateway.output().contains("draining"));
      long began = System.nanoTime();
      child.terminate();

      assertThat(child.exitCode(PATIENCE)).as(gateway.output()).isZero();
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(12));
      assertThat(gateway.output())
          .contains("told to stop once more")
          .containsPattern("stopped left=\"events→archive: 1 events, [1-9][0-9]* bytes\" cutOff=");

      Files.delete(directory.resolve("out"));
      gateway.start();
      assertThat(gateway.stop()).isZero();
      assertThat(Files.readAllLines(directory.resolve("out/events.ndjson"))).containsExactly(EVENT);
    }
  }

  @Test
  void saysWhomTheEndOfTheDrainCutOff() throws IOException {
    try (GatewayProcess gateway = gateway(CONFIG)) {
      ChildJvm child = gateway.launch("--drain", "1s");
      gateway.awaitReady();
      try (Socket half = new Socket(InetAddress.getLoopbackAddress(), gateway.port("http"))) {
        String head =
            "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                + "Content-Length: 100\r\n\r\n{";
        half.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        Awaitility.await()
            .atMost(PATIENCE)
            .until(() -> gateway.get("/metrics").contains("sluice_connections"));

        child.terminate();

        assertThat(child.exitCode(PATIENCE)).as(gateway.output()).isZero();
      }
      assertThat(gateway.output())
          .containsPattern("stopped left=nothing cutOff=[a-z]+ tookSeconds=[0-9.]+");
      assertThat(gateway.output()).doesNotContain("cutOff=nothing");
    }
  }

  @Test
  void goesOnForTheDelayOfItsDrainWhileItIsNotReady() {
    try (GatewayProcess gateway = gateway(CONFIG)) {
      ChildJvm child = gateway.launch("--drain-delay", "1m");
      gateway.awaitReady();

      child.terminate();
      Awaitility.await().atMost(PATIENCE).until(() -> gateway.status("/health/ready") == 503);
      assertThat(post(gateway)).isEqualTo(202);
      child.terminate();

      assertThat(child.exitCode(PATIENCE)).as(gateway.output()).isZero();
    }
  }

  private static int post(GatewayProcess gateway) {
    try {
      return HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(gateway.url("http", "/v1/events"))
                  .header("content-type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofString(EVENT))
                  .build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Test
  void aPortThatTheAdminListenerHasIsRefusedBeforeAnythingIsBound() {
    GatewayProcess gateway = gateway(CONFIG.replace("{{http}}", "{{admin}}"));

    assertThat(lastLineOf(gateway, 78)).contains("configuration");
    assertThat(gateway.output())
        .contains("sluice.json:2:20: /sources/in: needs the port 127.0.0.1:", "which /admin has");
    assertThat(directory.resolve("data")).doesNotExist();
  }

  private List<String> ids() throws IOException {
    return Files.readAllLines(directory.resolve("out/events.ndjson")).stream()
        .map(line -> line.substring(0, StallingSink.id(0).length()))
        .collect(Collectors.toList());
  }
}
