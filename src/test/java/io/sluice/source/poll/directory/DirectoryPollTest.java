package io.sluice.source.poll.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.connector.Cursor;
import io.sluice.connector.PollException;
import io.sluice.event.Event;
import io.sluice.harness.MaxLog;
import io.sluice.harness.SluiceExtension;
import io.sluice.source.poll.FakeIntake;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.event.Level;

/** What of which files becomes events. */
@ExtendWith(SluiceExtension.class)
@MaxLog(Level.WARN)
class DirectoryPollTest {
  @TempDir Path directory;
  private final Vertx vertx = Vertx.vertx();
  private Rig rig;

  @BeforeEach
  void open() {
    rig = new Rig(vertx, directory, "**.log*");
  }

  @AfterEach
  void close() {
    rig.close();
    vertx.close().await();
  }

  @Test
  void readsOnFromWhereItWas() {
    rig.write("app.log", "one\ntwo\n");
    assertThat(rig.poll()).containsExactly("one", "two");
    assertThat(rig.poll()).isEmpty();

    rig.write("app.log", "three\n");
    assertThat(rig.poll()).containsExactly("three");

    rig.restart();
    assertThat(rig.poll()).isEmpty();
    rig.write("app.log", "four\n");
    assertThat(rig.poll()).containsExactly("four");
  }

  @Test
  void eventsAreLinesWithoutTheirEnds() {
    rig.write("app.log", "one\r\n\n\r\n \ntwo\n");
    assertThat(rig.poll()).containsExactly("one", " ", "two");
    assertThat(rig.intake.batches()).allMatch(batch -> batch.lines());
    assertThat(rig.intake.each()).extracting(Event::contentType).containsOnly("text/plain");
  }

  @Test
  void oldestFilesComeFirst() {
    rig.write("c.log", "1\n");
    rig.settle();
    rig.write("b.log", "2\n");
    rig.write("a/d.log", "3\n");
    rig.settle();
    rig.write("a.log", "4\n");
    rig.write("no.txt", "5\n");
    assertThat(rig.poll()).containsExactly("1", "3", "2", "4");
  }

  @Test
  void lastLineWithoutEndIsTakenOnceTheFileIsSettled() {
    rig.write("app.log", "one\ntw");
    assertThat(rig.poll()).containsExactly("one");
    rig.write("app.log", "o\nthr");
    assertThat(rig.poll()).containsExactly("two");
    assertThat(rig.poll()).isEmpty();

    rig.settle();
    assertThat(rig.poll()).containsExactly("thr");
    assertThat(rig.poll()).isEmpty();
    rig.write("app.log", "\nfour\n");
    assertThat(rig.poll()).containsExactly("four");
  }

  @Test
  void fileThatIsRenamedKeepsItsPlace() throws IOException {
    Path file = rig.write("app.log", "one\ntwo\n");
    rig.poll();
    rig.write("app.log", "three\n");
    Files.move(file, directory.resolve("app.log.1"));
    rig.write("app.log", "four\n");
    assertThat(rig.poll()).containsExactlyInAnyOrder("three", "four");
    assertThat(rig.intake.cursor().parts().values())
        .hasSize(2)
        .anyMatch(text -> text.endsWith("name=app.log.1"));
  }

  @Test
  void truncatedFileIsReadFromItsStart() throws IOException {
    Path file = rig.write("app.log", "one\ntwo\nthree\n");
    rig.poll();
    truncate(file);
    rig.write("app.log", "four\n");
    assertThat(rig.poll()).containsExactly("four");

    truncate(file);
    assertThat(rig.poll()).isEmpty();
    assertThat(rig.intake.cursor().parts()).isEmpty();
    rig.write("app.log", "five\n");
    assertThat(rig.poll()).containsExactly("five");
  }

  @Test
  void fileThatGrewPastItsPlaceSinceItWasTruncatedIsReadFromItsStart() throws IOException {
    Path file = rig.write("app.log", "one\ntwo\n");
    rig.poll();
    truncate(file);
    rig.write("app.log", "three\nfour\nfive\n");
    assertThat(rig.poll()).containsExactly("three", "four", "five");
  }

  @Test
  void anotherFileWithTheSameInodeIsReadFromItsStart() throws IOException {
    String heading = "# the same first line in every file, longer than what is kept of it\n";
    Path file = rig.write("app.log", heading.repeat(5) + "one\ntwo\n");
    rig.poll();
    rig.polling().close();
    truncate(file);
    rig.write("app.log", heading.repeat(5) + "six\nten\n");
    rig.restart();
    assertThat(rig.poll()).hasSize(7).endsWith("six", "ten");
  }

  @Test
  void placesOfFilesThatAreGoneAreForgotten() throws IOException {
    Path file = rig.write("one.log", "one\n");
    rig.write("two.log", "two\n");
    rig.poll();
    assertThat(rig.intake.cursor().parts()).hasSize(2);
    Files.delete(file);
    rig.poll();
    rig.poll();
    assertThat(rig.intake.cursor().parts()).hasSize(1);
  }

  @Test
  void fileThatOnePollMissedIsKnownStill() throws IOException {
    Path file = rig.write("one.log", "one\n");
    rig.write("two.log", "two\n");
    rig.poll();
    Path elsewhere = Files.move(file, directory.resolve("elsewhere"));
    assertThat(rig.poll()).isEmpty();
    Files.move(elsewhere, file);
    assertThat(rig.poll()).isEmpty();
    Files.move(file, elsewhere);
    assertThat(rig.poll()).isEmpty();
    Files.move(elsewhere, file);
    assertThat(rig.poll()).isEmpty();
  }

  @Test
  void directoryWithoutAnyFileForgetsNothing() throws IOException {
    Path file = rig.write("one.log", "one\n");
    rig.poll();
    Path elsewhere = Files.move(file, directory.resolve("elsewhere"));
    assertThat(rig.poll()).isEmpty();
    Files.move(elsewhere, file);
    assertThat(rig.poll()).isEmpty();
  }

  @Test
  void fileOnADeviceWithAnotherNumberIsKnownAgain() {
    rig.write("one.log", "one\n");
    rig.write("two.log", "two\n");
    rig.poll();
    Cursor moved =
        Cursor.of(
            rig.intake.cursor().parts().entrySet().stream()
                .collect(
                    Collectors.toMap(
                        part -> part.getKey().replaceFirst("dev=\\w+", "dev=77"),
                        Map.Entry::getValue)));
    rig.crash(moved, 64 << 10, 1 << 20);
    rig.write("two.log", "more\n");
    assertThat(rig.poll()).containsExactly("more");
    assertThat(rig.intake.cursor().parts().keySet()).noneMatch(name -> name.contains("dev=77,"));
    assertThat(rig.poll()).isEmpty();
    rig.restart();
    assertThat(rig.poll()).isEmpty();
    rig.write("one.log", "more\n");
    assertThat(rig.poll()).containsExactly("more");
  }

  @Test
  void tooLongLinesAreLeftOutAndCounted() {
    rig.crash(Cursor.START, 32, 10);
    rig.write("app.log", "one\n" + "x".repeat(11) + "\n1234567890\n" + "y".repeat(500) + "\ntwo\n");
    assertThat(rig.poll()).containsExactly("one", "1234567890", "two");
    assertThat(rig.refused("too-long")).isEqualTo(2);
  }

  @Test
  void lineThatIsLeftOutIsSoAcrossPollsAndRestarts() {
    rig.crash(Cursor.START, 32, 10);
    rig.write("app.log", "one\n" + "x".repeat(100));
    assertThat(rig.poll()).containsExactly("one");
    rig.restart();
    rig.write("app.log", "y".repeat(100));
    assertThat(rig.poll()).isEmpty();
    rig.restart();
    rig.write("app.log", "zz\ntwo\n");
    assertThat(rig.poll()).containsExactly("two");
    assertThat(rig.refused("too-long")).isEqualTo(1);
  }

  @Test
  void lineLongerThanABatchIsTaken() {
    rig.crash(Cursor.START, 100, 100_000);
    String line = "z".repeat(100_000);
    rig.write("app.log", "one\n" + line + "\ntwo\n");
    assertThat(rig.poll()).containsExactly("one", line, "two");
  }

  @Test
  void linksThatLeaveTheDirectoryAreFollowedOnlyWhereAsked(@TempDir Path other) throws IOException {
    Path outside = Files.writeString(other.resolve("outside.log"), "outside\n");
    Path inside = rig.write("inside.log", "inside\n");
    Files.createSymbolicLink(directory.resolve("a.log"), outside);
    Files.createSymbolicLink(directory.resolve("b.log"), inside);
    Files.createSymbolicLink(directory.resolve("c.log"), directory.resolve("nowhere"));
    assertThat(rig.poll()).containsExactly("inside");

    rig.config = Rig.config(directory + "/*.log", After.KEEP, Optional.empty(), true);
    rig.forget();
    assertThat(rig.poll()).containsExactlyInAnyOrder("inside", "outside");
  }

  @Test
  void eventsHaveTheirFileAsKeyWhereAsked() {
    DirectorySourceConfig plain = rig.config;
    rig.config =
        new DirectorySourceConfig(
            plain.path(),
            plain.after(),
            plain.moveTo(),
            plain.settle(),
            plain.followLinks(),
            EventKey.FILE,
            plain.contentType(),
            plain.polling());
    rig.restart();
    rig.write("a.log", "1\n2\n");
    rig.write("b/c.log", "3\n");
    rig.poll();
    assertThat(rig.intake.each().stream().map(Event::key))
        .containsExactly(Optional.of("a.log"), Optional.of("a.log"), Optional.of("b/c.log"));
  }

  @Test
  void missingDirectoryIsLasting() throws IOException {
    Files.delete(directory);
    assertThat(rig.polling().failure(rig.intake))
        .isInstanceOfSatisfying(
            PollException.class,
            failure -> {
              assertThat(failure.reason()).isEqualTo("no-directory");
              assertThat(failure.isLasting()).isTrue();
            });
    Files.createDirectory(directory);
  }

  @Test
  void cursorOfAnotherMakeIsLasting() {
    rig.write("app.log", "one\n");
    rig.crash(Cursor.of(Map.of("dev=1,ino=2", "v9")), 64 << 10, 1 << 20);
    assertThat(rig.polling().failure(rig.intake))
        .isInstanceOfSatisfying(
            PollException.class,
            failure -> assertThat(failure.reason()).isEqualTo("cursor-unreadable"));
  }

  @Test
  void linesWhosePlaceWasNotKeptAreReadAgain() {
    rig.write("app.log", "one\n");
    rig.poll();
    Cursor kept = rig.intake.cursor();
    rig.write("app.log", "two\n");
    assertThat(rig.poll()).containsExactly("two");
    rig.crash(kept, 64 << 10, 1 << 20);
    assertThat(rig.poll()).containsExactly("two");
  }

  @Test
  void endsWithTheFirstPutThatFails() {
    rig.crash(Cursor.START, 16, 10);
    rig.write("app.log", "123456\n".repeat(100));
    IllegalStateException why = new IllegalStateException("no room");
    rig.intake.failing(why);
    assertThat(rig.polling().failure(rig.intake)).isSameAs(why);
    rig.crash(rig.intake.cursor(), 16, 10);
    assertThat(rig.poll()).hasSize(100);
  }

  @Test
  void closingEndsAPollThatWaitsForRoom() {
    rig.crash(Cursor.START, 16, 10);
    rig.write("app.log", "123456\n".repeat(100));
    FakeIntake full = rig.intake.full();
    var under = rig.polling().polling(full);
    Rig.soon(full::waiting);
    rig.polling().close();
    assertThat(under.await().more()).isTrue();
    assertThat(full.count()).isPositive().isLessThan(100);
  }

  @Test
  void manyFilesShareABatch() {
    for (int i = 0; i < 1_000; i++) {
      rig.write(i + ".log", i + "\n");
    }
    assertThat(rig.poll()).hasSize(1_000);
    assertThat(rig.intake.puts()).isLessThan(5);
    assertThat(rig.intake.cursor().parts()).hasSize(1_000);
  }

  static void truncate(Path file) throws IOException {
    Files.newByteChannel(file, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
        .close();
  }

  static List<String> numbers(int from, int to) {
    return IntStream.range(from, to).mapToObj(Integer::toString).toList();
  }
}
