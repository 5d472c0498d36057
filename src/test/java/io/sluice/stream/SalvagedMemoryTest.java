package io.sluice.stream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.event.Batch;
import io.sluice.event.Columns;
import io.sluice.event.Origin;
import io.sluice.event.Refusal;
import io.sluice.event.Sequence;
import io.sluice.harness.MaxLog;
import io.sluice.harness.SluiceExtension;
import io.sluice.journal.Appended;
import io.sluice.journal.Commits;
import io.sluice.journal.Inspection;
import io.sluice.journal.Journal;
import io.sluice.journal.JournalOptions;
import io.sluice.journal.Salvaged;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.event.Level;

/** What is remembered of a journal that was salvaged. */
@ExtendWith(SluiceExtension.class)
@MaxLog(Level.ERROR)
class SalvagedMemoryTest {
  private static final Origin ORIGIN =
      new Origin("live", "anonymous", "application/json", Instant.EPOCH);

  @TempDir private Path directory;

  private static final class Deaf implements Commits {
    @Override
    public void committed(List<Appended> group) {}

    @Override
    public void refused(List<Appended> group, Refusal why) {}

    @Override
    public void failed(List<Appended> group, IOException cause) {}
  }

  private Journal open(String name) throws IOException {
    return Journal.open(directory.resolve(name), JournalOptions.DEFAULTS, new Deaf());
  }

  /** Ten batches of a session, an event each, in frames of their own. */
  private void write() throws IOException {
    try (Journal journal = open("journal")) {
      assertThat(Recovered.memory(journal, Optional.empty()).sessions()).isZero();
      for (int i = 1; i <= 10; i++) {
        byte[] event = ("{\"a\":" + i + "}\n").getBytes(UTF_8);
        journal.append(
            Batch.of(event, new int[] {0, event.length - 1}, false, ORIGIN, Columns.NONE)
                .numbered(new Sequence("s", i, i)),
            "");
      }
    }
  }

  /** Has the memo cover all there is. */
  private void remember() throws IOException {
    try (Journal journal = open("journal")) {
      Memory memory = Recovered.memory(journal, Optional.empty());
      journal.remember(memory.memo(journal.next()));
    }
  }

  private void damage(String event) throws IOException {
    Path segment = directory.resolve("journal/00000000000000000000.seg");
    byte[] bytes = Files.readAllBytes(segment);
    int at = new String(bytes, ISO_8859_1).indexOf(event);
    bytes[at] ^= 1;
    Files.write(segment, bytes);
  }

  private long through(String name) throws IOException {
    try (Journal journal = open(name)) {
      return Recovered.memory(journal, Optional.empty()).through("s").result();
    }
  }

  private Salvaged salvage() throws IOException {
    return Inspection.of(directory.resolve("journal"))
        .salvage(directory.resolve("copy"), damage -> {});
  }

  @Test
  void salvageCopiesWhatIsRememberedWhereNothingOfItIsMissing() throws IOException {
    write();
    remember();

    assertThat(salvage()).isEqualTo(new Salvaged(10, true, true));
    assertThat(through("copy")).isEqualTo(10);
  }

  @Test
  void salvageLeavesWhatIsRememberedWhereItIsDamaged() throws IOException {
    write();
    remember();
    Files.writeString(directory.resolve("journal/memory"), "nothing of use");

    assertThat(salvage()).isEqualTo(new Salvaged(10, true, false));
    assertThat(through("copy")).isZero();
  }

  @Test
  void salvageLeavesWhatIsRememberedWhereEventsAreMissing() throws IOException {
    write();
    remember();
    damage("{\"a\":10}");

    assertThat(salvage()).isEqualTo(new Salvaged(9, true, false));
    assertThat(through("copy")).isZero();
  }
}
