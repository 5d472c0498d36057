package io.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.harness.MountedConfigMap;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReadingTest {
  private Vertx vertx;

  /** The two ways to read, which must see the same. */
  enum Way {
    BLOCKING,
    VERTX
  }

  @BeforeAll
  void open() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  void close() {
    vertx.close().await();
  }

  private Reading read(Way way, Path... paths) {
    return way == Way.BLOCKING
        ? Reading.of(List.of(paths))
        : Reading.of(vertx, List.of(paths)).await();
  }

  @ParameterizedTest
  @EnumSource
  void filesComeInTheOrderGivenAndDirectoriesInNameOrder(Way way, @TempDir Path directory)
      throws IOException {
    Path folder = Files.createDirectory(directory.resolve("d"));
    Files.writeString(folder.resolve("20.json"), "{\"b\": 2}");
    Files.writeString(folder.resolve("10.json"), "{\"b\": 1}");
    Files.writeString(folder.resolve(".hidden.json"), "{");
    Files.writeString(folder.resolve("notes.txt"), "{");
    Files.writeString(folder.resolve("sluice.schema.json"), "{");
    Files.createDirectory(folder.resolve("sub.json"));
    Path file = Files.writeString(directory.resolve("last.conf"), "\uFEFF{\"é\": 3}");

    Reading reading = read(way, folder, file);

    assertThat(reading.problems()).isEmpty();
    assertThat(reading.texts())
        .containsExactly(
            new Reading.ConfigText(folder.resolve("10.json"), "{\"b\": 1}"),
            new Reading.ConfigText(folder.resolve("20.json"), "{\"b\": 2}"),
            new Reading.ConfigText(file, "{\"é\": 3}"));
  }

  @ParameterizedTest
  @EnumSource
  void aMountedConfigMapIsReadThroughItsLinkAndOnlyOnce(Way way, @TempDir Path mount)
      throws IOException {
    version(mount, "..2026_1", "{\"streams\": {\"old\": {}, \"both\": {}}}");
    Files.createSymbolicLink(mount.resolve("..data"), Path.of("..2026_1"));
    Files.createSymbolicLink(mount.resolve("sluice.json"), Path.of("..data/sluice.json"));
    Reading before = read(way, mount);

    version(mount, "..2026_2", "{\"streams\": {\"both\": {}}}");
    Files.createSymbolicLink(mount.resolve("..tmp"), Path.of("..2026_2"));
    Files.move(mount.resolve("..tmp"), mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    Reading after = read(way, mount);

    assertThat(before.texts())
        .containsExactly(
            new Reading.ConfigText(
                mount.resolve("sluice.json"), "{\"streams\": {\"old\": {}, \"both\": {}}}"));
    assertThat(after.texts())
        .containsExactly(
            new Reading.ConfigText(mount.resolve("sluice.json"), "{\"streams\": {\"both\": {}}}"));
    assertThat(after).isNotEqualTo(before).isEqualTo(read(way, mount));
  }

  @ParameterizedTest
  @EnumSource
  void whatCannotBeReadIsNamedAndTheRestIsRead(Way way, @TempDir Path directory)
      throws IOException {
    Path missing = directory.resolve("missing.json");
    Path empty = Files.createDirectory(directory.resolve("empty"));
    Path latin = Files.write(directory.resolve("latin.json"), new byte[] {'{', (byte) 0xE9, '}'});
    Path dangling = Files.createSymbolicLink(directory.resolve("dangling.json"), missing);
    Path good = Files.writeString(directory.resolve("good.json"), "{}");

    Reading reading = read(way, missing, empty, latin, dangling, good);

    assertThat(reading.texts()).containsExactly(new Reading.ConfigText(good, "{}"));
    assertThat(reading.problems())
        .extracting(Problem::toString)
        .containsExactlyInAnyOrder(
            missing + ": does not exist",
            empty + ": is a directory without any *.json",
            latin + ": is not valid UTF-8",
            dangling + ": does not exist");
    assertThat(Bindings.of(reading, Samples.LAYOUT, name -> null))
        .isEqualTo(new Checked.Bad<>(reading.problems()));
  }

  private static void version(Path mount, String name, String text) throws IOException {
    Path folder = Files.createDirectory(mount.resolve(name));
    Files.writeString(folder.resolve("sluice.json"), text);
  }

  @ParameterizedTest
  @EnumSource
  void filesThatAreSwappedWhileTheyAreReadAreOfOneVersion(Way way, @TempDir Path directory)
      throws Exception {
    MountedConfigMap mount = new MountedConfigMap(directory.resolve("etc"));
    mount.write(versions(0));
    AtomicBoolean over = new AtomicBoolean();
    CompletableFuture<Void> swapping =
        CompletableFuture.runAsync(
            () -> {
              for (int version = 1; !over.get(); version++) {
                try {
                  mount.write(versions(version));
                  LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(30));
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              }
            });
    try {
      for (int i = 0; i < 60; i++) {
        Reading whole = read(way, mount.directory());
        Reading one = read(way, mount.directory().resolve("a.json"));

        assertThat(whole.problems()).isEmpty();
        assertThat(whole.texts().stream().map(Reading.ConfigText::text).distinct()).hasSize(1);
        assertThat(one.problems()).isEmpty();
      }
    } finally {
      over.set(true);
      swapping.get(10, TimeUnit.SECONDS);
    }
  }

  private static Map<String, String> versions(int version) {
    String text = "{\"version\": " + version + "}";
    return Map.of("a.json", text, "b.json", text, "c.json", text);
  }
}
