package io.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.event.Event;
import io.sluice.event.Origin;
import io.sluice.event.Position;
import io.sluice.event.Refusal;
import io.sluice.harness.Loop;
import io.sluice.harness.SluiceExtension;
import io.sluice.journal.Appended;
import io.sluice.journal.Commits;
import io.sluice.journal.Entry;
import io.sluice.journal.Journal;
import io.sluice.journal.JournalOptions;
import io.sluice.journal.JournalReader;
import io.sluice.sink.Deliveries;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SluiceExtension.class)
class JournalDeadLettersTest {
  @TempDir private Path directory;
  private Vertx vertx;

  @AfterEach
  void undeploy() {
    Loop.undeployAll(vertx);
  }

  private static final class Deaf implements Commits {
    @Override
    public void committed(List<Appended> group) {}

    @Override
    public void refused(List<Appended> group, Refusal why) {}

    @Override
    public void failed(List<Appended> group, IOException cause) {}
  }

  private JournalDeadLetters letters(Path directory) {
    return letters(directory, 1 << 20);
  }

  private JournalDeadLetters letters(Path directory, long maxBytes) {
    return new JournalDeadLetters(
        vertx,
        Journal::open,
        directory,
        maxBytes,
        failure -> {
          throw new AssertionError(failure);
        });
  }

  /** What a process leaves that is killed now. */
  private Path killed(Path letters) throws IOException {
    Path left = Files.createDirectory(directory.resolve("left"));
    try (var files = Files.list(letters)) {
      for (Path file : files.toList()) {
        Files.copy(file, left.resolve(file.getFileName()));
      }
    }
    return left;
  }

  private static List<Event> events(Path directory) throws IOException {
    List<Event> events = new ArrayList<>();
    try (Journal journal = Journal.open(directory, JournalOptions.DEFAULTS, new Deaf());
        JournalReader reader = journal.reader(Position.START)) {
      for (Optional<Entry> entry = reader.read(); entry.isPresent(); entry = reader.read()) {
        for (int i = 0; i < entry.get().batch().size(); i++) {
          events.add(entry.get().batch().event(i));
        }
      }
    }
    return events;
  }

  @Test
  void eachCarriesReasonStreamAndPosition(Vertx given) throws IOException {
    vertx = given;
    Loop loop = Loop.of(vertx);
    Path letters = directory.resolve("dead-letters").resolve("archive");
    JournalDeadLetters keeper = letters(letters);

    loop.await(
        () ->
            keeper.keep(
                Deliveries.at(41, Deliveries.lines("a", "b"), Deliveries.lines("c")), "too odd"));
    loop.await(() -> keeper.keep(Deliveries.in("other", 7, Deliveries.lines("d")), "too even"));
    loop.await(keeper::close);

    List<Event> events = events(letters);
    assertThat(events)
        .extracting(event -> event.attributes().get(JournalDeadLetters.POSITION))
        .containsExactly("0/41", "0/42", "0/43", "0/7");
    assertThat(events)
        .extracting(event -> event.attributes().get(JournalDeadLetters.STREAM))
        .containsExactly("events", "events", "events", "other");
    assertThat(events)
        .extracting(event -> event.attributes().get(JournalDeadLetters.REASON))
        .containsExactly("too odd", "too odd", "too odd", "too even");
  }

  @Test
  void makesNothingBeforeTheFirst(Vertx given) {
    vertx = given;
    Path letters = directory.resolve("archive");

    Loop.of(vertx).await(letters(letters)::close);

    assertThat(letters).doesNotExist();
  }

  @Test
  void triesAgainAfterItsDirectoryCouldNotBeMade(Vertx given) throws IOException {
    vertx = given;
    Loop loop = Loop.of(vertx);
    Path inTheWay = Files.writeString(directory.resolve("dead-letters"), "a file");
    JournalDeadLetters keeper = letters(inTheWay.resolve("archive"));
    assertThatThrownBy(() -> loop.await(() -> keeper.keep(Deliveries.numbered("s", 0, 1), "odd")))
        .isInstanceOf(IOException.class);

    Files.delete(inTheWay);
    loop.await(() -> keeper.keep(Deliveries.numbered("s", 0, 1), "odd"));
    loop.await(keeper::close);

    assertThat(events(inTheWay.resolve("archive"))).hasSize(1);
  }

  @Test
  void whatComesAgainAfterAKillIsKeptOnce(Vertx given) throws IOException {
    vertx = given;
    Loop loop = Loop.of(vertx);
    Path before = directory.resolve("archive");
    JournalDeadLetters first = letters(before);
    loop.await(() -> first.keep(Deliveries.at(41, Deliveries.lines("a", "b")), "odd"));
    loop.await(() -> first.keep(Deliveries.at(50, Deliveries.lines("c")), "odd"));
    Path left = killed(before); // before the sink remembered that it has them

    JournalDeadLetters again = letters(left);
    loop.await(again::start);
    long bytes = again.bytes();
    loop.await(() -> again.keep(Deliveries.at(41, Deliveries.lines("a", "b")), "odd"));
    loop.await(() -> again.keep(Deliveries.at(50, Deliveries.lines("c", "d")), "odd"));
    loop.await(() -> again.keep(Deliveries.at(50, Deliveries.lines("c", "d")), "odd"));
    loop.await(again::close);
    loop.await(first::close);

    assertThat(bytes).isPositive();
    assertThat(events(left))
        .extracting(event -> event.attributes().get(JournalDeadLetters.POSITION))
        .containsExactly("0/41", "0/42", "0/50", "0/51");
  }

  @Test
  void anotherEventThatTookThePlaceIsKept(Vertx given) throws IOException {
    vertx = given;
    Loop loop = Loop.of(vertx);
    Path archive = directory.resolve("archive");
    JournalDeadLetters first = letters(archive);
    loop.await(() -> first.keep(Deliveries.at(0, Deliveries.lines("a")), "odd"));
    loop.await(first::close);

    JournalDeadLetters second = letters(archive);
    Origin later = Deliveries.origin("application/json", "2026-03-04T05:06:08Z");
    loop.await(() -> second.keep(Deliveries.at(0, Deliveries.lines(later, List.of(), "b")), "odd"));
    loop.await(second::close);

    assertThat(events(archive)).hasSize(2);
  }

  @Test
  void onceTheyAreFullNothingMoreIsKeptButWhatIsThereAlready(Vertx given) throws IOException {
    vertx = given;
    Loop loop = Loop.of(vertx);
    Path archive = directory.resolve("archive");
    JournalDeadLetters full = letters(archive, 100);
    loop.await(() -> full.keep(Deliveries.at(0, Deliveries.lines("x".repeat(200))), "odd"));

    assertThatThrownBy(() -> loop.await(() -> full.keep(Deliveries.numbered("s", 1, 1), "odd")))
        .hasMessageContaining("bytes of 100");
    loop.await(() -> full.keep(Deliveries.at(0, Deliveries.lines("x".repeat(200))), "odd"));
    loop.await(full::close);
    JournalDeadLetters larger = letters(archive, 10_000);
    loop.await(() -> larger.keep(Deliveries.numbered("s", 1, 1), "odd"));
    loop.await(larger::close);

    assertThat(events(archive)).hasSize(2);
  }
}
