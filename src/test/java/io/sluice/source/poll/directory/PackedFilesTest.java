package io.sluice.source.poll.directory;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import io.sluice.connector.Cursor;
import io.sluice.harness.LogHeard;
import io.sluice.harness.MaxLog;
import io.sluice.harness.SluiceExtension;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.event.Level;

/** Compressed files: read once, whole, or not at all. */
@ExtendWith(SluiceExtension.class)
@MaxLog(Level.WARN)
class PackedFilesTest {
  @TempDir Path directory;
  private final Vertx vertx = Vertx.vertx();
  private Rig rig;

  @BeforeEach
  void open() {
    rig = new Rig(vertx, directory, "*");
  }

  @AfterEach
  void close() {
    rig.close();
    vertx.close().await();
  }

  @Test
  void areReadOnceTheyAreSettled() {
    rig.write("a.gz", gzip("one\ntwo"));
    rig.write("b.zst", zstd("three\nfour\n"));
    assertThat(rig.poll()).isEmpty();

    rig.settle();
    assertThat(rig.poll()).containsExactly("one", "two", "three", "four");
    assertThat(rig.poll()).isEmpty();
    rig.restart();
    assertThat(rig.poll()).isEmpty();
  }

  @Test
  void haveAnyNumberOfMembers() {
    rig.write("a.gz", gzip("one\n"));
    rig.write("a.gz", gzip("two\n"));
    rig.write("b.zst", zstd("three\n"));
    rig.write("b.zst", zstd("four\n"));
    rig.settle();
    assertThat(rig.poll()).containsExactly("one", "two", "three", "four");

    rig.write("a.gz", gzip("five\n"));
    rig.settle();
    assertThat(rig.poll()).containsExactly("five");
  }

  @Test
  void brokenOnesAreNamedOnceAndLeftUntilTheyChange() throws IOException {
    byte[] whole = gzip(String.join("\n", DirectoryPollTest.numbers(0, 5_000)));
    Path file = rig.write("a.gz", Arrays.copyOf(whole, whole.length - 9));
    rig.write("b.log", "good\n");
    rig.settle();
    try (LogHeard heard = LogHeard.of(DirectoryTelemetry.class)) {
      assertThat(rig.poll()).containsExactly("good");
      assertThat(rig.poll()).isEmpty();
      assertThat(rig.poll()).isEmpty();
      assertThat(heard.lines())
          .containsExactly(
              "WARN compressed file is broken, not read until it changes source=logs file=a.gz");
    }
    assertThat(rig.refused("broken-file")).isEqualTo(1);
    assertThat(rig.intake.cursor().parts()).hasSize(1);

    DirectoryPollTest.truncate(file);
    rig.write("a.gz", whole);
    rig.settle();
    assertThat(rig.poll()).isEqualTo(DirectoryPollTest.numbers(0, 5_000));
  }

  @Test
  void anyDamageIsFoundBeforeAnythingIsTaken() throws IOException {
    List<String> numbers = DirectoryPollTest.numbers(0, 200);
    byte[] whole = gzip(String.join("\n", numbers));
    for (int cut = 1; cut < whole.length; cut += 23) {
      Path file = rig.write("cut-" + cut + ".gz", Arrays.copyOf(whole, cut));
      rig.settle();
      assertThat(rig.poll()).isEmpty();
      Files.delete(file);
    }
  }

  @Test
  void areReadOnWhereAPollBrokeOff() {
    List<String> numbers = DirectoryPollTest.numbers(100_000, 200_000);
    rig.crash(Cursor.START, 10_000, 1_000);
    rig.write("a.gz", gzip(String.join("\n", numbers)));
    rig.settle();
    var broken = rig.intake.full();
    var under = rig.polling().polling(broken);
    for (int i = 0; i < 5; i++) {
      Rig.soon(broken::waiting);
      broken.room();
    }
    Rig.soon(broken::waiting);
    rig.polling().close();
    assertThat(under.await().more()).isTrue();
    List<String> first = broken.events();

    rig.crash(broken.cursor(), 64 << 10, 1_000);
    List<String> then = rig.poll();
    assertThat(first).isNotEmpty().isEqualTo(numbers.subList(0, first.size()));
    assertThat(then).isEqualTo(numbers.subList(first.size(), numbers.size()));
  }

  @Test
  void oneThatTookTheNameAndInodeOfAnotherIsReadWhole() throws IOException {
    Path file = rig.write("a.gz", gzip("one\n"));
    rig.settle();
    rig.poll();
    DirectoryPollTest.truncate(file);
    rig.write("a.gz", gzip("six\n"));
    rig.settle();
    assertThat(rig.poll()).containsExactly("six");
  }

  @Test
  void muchInLittleIsTakenPieceByPiece() {
    String line = "0".repeat(999) + "\n";
    rig.write("a.zst", zstd(line.repeat(10_000)));
    rig.write("b.gz", gzip(line.repeat(10_000)));
    rig.settle();
    rig.intake.counting();
    rig.poll();
    assertThat(rig.intake.count()).isEqualTo(20_000);
    assertThat(rig.intake.mostBytes()).isLessThanOrEqualTo(64 << 10);
  }

  private static byte[] gzip(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
    return bytes.toByteArray();
  }

  private static byte[] zstd(String text) {
    return Zstd.compress(text.getBytes(StandardCharsets.UTF_8));
  }
}
