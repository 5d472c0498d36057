package io.sluice.source.poll.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.connector.Cursor;
import io.sluice.harness.MaxLog;
import io.sluice.harness.SluiceExtension;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.event.Level;

/** What becomes of files that were read. */
@ExtendWith(SluiceExtension.class)
class AfterTest {
  @TempDir Path directory;
  @TempDir Path done;
  private final Vertx vertx = Vertx.vertx();
  private Rig rig;

  @BeforeEach
  void open() {
    rig = new Rig(vertx, directory, "**");
  }

  @AfterEach
  void close() {
    rig.close();
    vertx.close().await();
  }

  private void after(After after) {
    rig.config =
        Rig.config(
            directory + "/**",
            after,
            after == After.MOVE ? Optional.of(done) : Optional.empty(),
            false);
    rig.restart();
  }

  @Test
  void filesAreDeletedOnceSettledAndKept() {
    after(After.DELETE);
    Path file = rig.write("a.log", "one\n");
    rig.write("empty", "");
    rig.poll();
    rig.poll();
    assertThat(file).exists();

    rig.settle();
    rig.poll();
    assertThat(file).doesNotExist();
    assertThat(directory.resolve("empty")).exists();
    assertThat(rig.intake.cursor().parts()).isEmpty();
  }

  @Test
  void fileStaysWhoseEventsAreNotKept() {
    after(After.DELETE);
    Path file = rig.write("a.log", "one\n");
    rig.settle();
    rig.poll();
    rig.crash(Cursor.START, 64 << 10, 1 << 20);
    assertThat(rig.poll()).containsExactly("one");
    assertThat(file).exists();
    rig.poll();
    assertThat(file).doesNotExist();
  }

  @Test
  void filesAreMovedUnderAFreeName() throws IOException {
    after(After.MOVE);
    for (int i = 0; i < 3; i++) {
      rig.write("a/b.log", i + "\n");
      rig.settle();
      rig.poll();
      rig.poll();
    }
    assertThat(done.resolve("a/b.log")).hasContent("0\n");
    assertThat(done.resolve("a/b.log.1")).hasContent("1\n");
    assertThat(done.resolve("a/b.log.2")).hasContent("2\n");
    assertThat(rig.intake.events()).containsExactly("0", "1", "2");
  }

  @Test
  void fileThatGrewIsReadFirst() {
    after(After.DELETE);
    Path file = rig.write("a.log", "one\n");
    rig.settle();
    rig.poll();
    rig.write("a.log", "two\n");
    assertThat(rig.poll()).containsExactly("two");
    assertThat(file).exists();
    rig.settle();
    rig.poll();
    assertThat(file).doesNotExist();
  }

  @Test
  @MaxLog(Level.WARN)
  void fileThatCannotBeMovedStaysAndIsNotReadAgain() throws IOException {
    after(After.MOVE);
    Files.writeString(done.resolve("a"), "in the way");
    Path file = rig.write("a/b.log", "one\n");
    rig.settle();
    assertThat(rig.poll()).containsExactly("one");
    assertThat(rig.poll()).isEmpty();
    assertThat(rig.poll()).isEmpty();
    assertThat(file).exists();
    assertThat(rig.refused("after-failed")).isEqualTo(2);
  }
}
