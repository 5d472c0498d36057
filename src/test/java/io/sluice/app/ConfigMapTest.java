package io.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.harness.Effort;
import io.sluice.harness.GatewayProcess;
import io.sluice.harness.MountedConfigMap;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A gateway whose configuration is a mounted ConfigMap: it follows every version that is right, and
 * keeps to the last of these through everything else.
 */
class ConfigMapTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path directory;

  private final HttpClient client = HttpClient.newHttpClient();
  private MountedConfigMap mount;
  private GatewayProcess gateway;
  private int version = 1;

  /** What can become of a mount. */
  private enum Swap {
    VALID,
    SAME,
    SYNTAX,
    UNKNOWN_KEY,
    SEMANTIC,
    DUPLICATE_KEY,
    EMPTY_FILE,
    EMPTY_OBJECT,
    NO_FILES,
    VANISHED,
    OTHER_FILE_BROKEN;

    boolean wrong() {
      return this != VALID && this != SAME;
    }
  }

  @BeforeEach
  void start() throws IOException {
    mount = new MountedConfigMap(directory.resolve("etc"));
    gateway = GatewayProcess.in(directory, "{{admin}} {{http}}").configuredBy(mount.directory());
    mount.write(files(1));
    gateway.with("--watch", "40ms").start();
  }

  @AfterEach
  void close() {
    gateway.close();
  }

  @Test
  void everyVersionThatIsRightIsFollowedAndNoOther() throws IOException {
    for (Swap swap : Swap.values()) {
      swapAndCheck(swap);
      swapAndCheck(Swap.VALID);
    }
    for (Swap swap : Swap.values()) {
      if (swap.wrong()) {
        swapAndCheck(swap);
      }
    }
    swapAndCheck(Swap.SAME);

    assertThat(gateway.output()).doesNotContain("could not be applied").doesNotContain("Exception");
  }

  @Test
  void ofManySwapsTheLastHolds() throws IOException {
    for (int i = 0; i < 30; i++) {
      mount.write(i % 3 == 1 ? Map.of("sluice.json", "{") : files(i + 2));
    }
    mount.write(files(50));

    awaitPath(50);
    int reached = config().getInteger("generation");
    assertThat(reached).isBetween(2, 32);
    await("told", () -> !outcome().equals("invalid"));
    version = 50;
    swapAndCheck(Swap.VANISHED);
    swapAndCheck(Swap.VALID);
  }

  @Test
  void aSecretThatIsSwappedIsTakenUp() throws IOException {
    MountedConfigMap secret = new MountedConfigMap(directory.resolve("secret"));
    secret.write(Map.of("key", "the-first-key"));
    mount.write(Map.of("sluice.json", guarded(secret)));
    await("guarded", () -> push(1, "the-first-key") == 202 && push(1) == 401);

    secret.write(Map.of("key", "the-second-key"));
    await("second", () -> push(1, "the-second-key") == 202);
    assertThat(push(1, "the-first-key")).isEqualTo(401);
    int reached = config().getInteger("generation");

    secret.vanish();
    await("gone", () -> outcome().equals("invalid"));
    assertThat(push(1, "the-second-key")).isEqualTo(202);
    secret.write(Map.of("key", "the-third-key"));
    await("third", () -> push(1, "the-third-key") == 202);
    assertThat(config().getInteger("generation")).isEqualTo(reached + 1);
    assertThat(gateway.output()).doesNotContain("-key");
  }

  private String guarded(MountedConfigMap secret) {
    return text(1)
        .replace(
            "\"to\"",
            "\"auth\": {\"type\": \"api-key\", \"keys\": {\"app\": \"${file:"
                + secret.directory().resolve("key")
                + "}\"}}, \"to\"");
  }

  @Test
  @Tag("slow")
  void manySwapsInAnyOrder() throws IOException {
    long seed = Long.getLong("sluice.seed", System.nanoTime());
    Random random = new Random(seed);
    System.out.printf("configuration map: seed %d%n", seed);
    for (int i = 0; i < Effort.of(300, 40); i++) {
      for (int quick = random.nextInt(4); quick > 0; quick--) {
        write(Swap.values()[random.nextInt(Swap.values().length)]);
      }
      Swap swap = Swap.values()[random.nextInt(Swap.values().length)];
      write(swap);
      awaitQuiet(swap, "seed " + seed);
    }
    assertThat(gateway.output()).doesNotContain("could not be applied").doesNotContain("Exception");
  }

  /** After swaps that nobody waited for: whatever was taken of them, it ends with the last one. */
  private void awaitQuiet(Swap last, String seed) {
    await(
        seed + " " + last,
        () ->
            outcome().equals("invalid") == last.wrong() && (last.wrong() || push(version) == 202));
  }

  /** Changes the mount, and waits until the gateway has said what it made of that. */
  private void swapAndCheck(Swap swap) throws IOException {
    int before = config().getInteger("generation");
    String hash = config().getString("hash");
    write(swap);
    if (swap == Swap.VALID) {
      await(
          swap.name(),
          () -> config().getInteger("generation") == before + 1 && outcome().equals("applied"));
      assertThat(config().getString("hash")).isNotEqualTo(hash);
    } else {
      await(swap.name(), () -> outcome().equals("invalid") == swap.wrong());
      assertThat(config().getInteger("generation")).as(swap.name()).isEqualTo(before);
      assertThat(config().getString("hash")).isEqualTo(hash);
    }
    assertThat(gateway.get("/metrics"))
        .contains("sluice_config_valid " + (swap.wrong() ? "0.0" : "1.0"))
        .contains("sluice_config_generation " + config().getInteger("generation") + ".0");
    assertThat(push(version)).as(swap.name()).isEqualTo(202);
    assertThat(push(version - 1)).as("the path of the version before").isEqualTo(404);
    assertThat(gateway.status("/health/ready")).isEqualTo(200);
  }

  private void write(Swap swap) throws IOException {
    String good = text(version);
    switch (swap) {
      case VALID -> mount.write(files(++version));
      case SAME -> mount.write(files(version));
      case SYNTAX -> mount.write(Map.of("sluice.json", good.substring(0, good.length() - 3)));
      case UNKNOWN_KEY ->
          mount.write(Map.of("sluice.json", good.replace("\"to\"", "\"too\": 1, \"to\"")));
      case SEMANTIC ->
          mount.write(
              Map.of("sluice.json", good.replace("\"from\": \"e", "\"from\": \"nothing-e")));
      case DUPLICATE_KEY ->
          mount.write(Map.of("sluice.json", good.replace("\"to\"", "\"to\": \"x\", \"to\"")));
      case EMPTY_FILE -> mount.write(Map.of("sluice.json", ""));
      case EMPTY_OBJECT -> mount.write(Map.of("sluice.json", "{}"));
      case NO_FILES -> mount.write(Map.of());
      case VANISHED -> mount.vanish();
      case OTHER_FILE_BROKEN -> mount.write(Map.of("sluice.json", good, "zz.json", "[]"));
    }
  }

  private Map<String, String> files(int number) {
    return Map.of("sluice.json", text(number));
  }

  private String text(int number) {
    return """
    {"admin": {"listen": "127.0.0.1:%d"},
     "sources": {"in": {"type": "http", "listen": "127.0.0.1:%d", "path": "/v1/%d",
                        "to": "events"}},
     "sinks": {"out": {"type": "discard", "from": "events"}}}
    """
        .formatted(gateway.port("admin"), gateway.port("http"), number);
  }

  private JsonObject config() {
    return new JsonObject(gateway.get("/api/v1/config"));
  }

  private String outcome() {
    JsonObject last = config().getJsonObject("lastReload");
    return last == null ? "" : last.getString("outcome");
  }

  private void awaitPath(int wanted) {
    await("path " + wanted, () -> push(wanted) == 202);
  }

  private void await(String what, Callable<Boolean> condition) {
    try {
      Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(condition);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(what + "\n" + config() + "\n" + gateway.output(), e);
    }
  }

  private int push(int number) {
    return push(number, "none");
  }

  private int push(int number, String key) {
    HttpRequest request =
        HttpRequest.newBuilder(gateway.url("http", "/v1/" + number))
            .header("content-type", "application/json")
            .header("x-api-key", key)
            .timeout(PATIENCE)
            .POST(HttpRequest.BodyPublishers.ofString("1"))
            .build();
    try {
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
