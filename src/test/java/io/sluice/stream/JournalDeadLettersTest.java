package io.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.event.Event;
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
    JournalDeadLetters keeper = new JournalDeadLetters(vertx, letters);

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

    Loop.of(vertx).await(new JournalDeadLetters(vertx, letters)::close);

    assertThat(letters).doesNotExist();
  }

  @Test
  void triesAgainAfterItsDirectoryCouldNotBeMade(Vertx given) throws IOException {
    vertx = given;
    Loop loop = Loop.of(vertx);
    Path inTheWay = Files.writeString(directory.resolve("dead-letters"), "a file");
    JournalDeadLetters keeper = new JournalDeadLetters(vertx, inTheWay.resolve("archive"));
    assertThatThrownBy(() -> loop.await(() -> keeper.keep(Deliveries.numbered("s", 0, 1), "odd")))
        .isInstanceOf(IOException.class);

    Files.delete(inTheWay);
    loop.await(() -> keeper.keep(Deliveries.numbered("s", 0, 1), "odd"));
    loop.await(keeper::close);

    assertThat(events(inTheWay.resolve("archive"))).hasSize(1);
  }
}
