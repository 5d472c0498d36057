package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.event.Batch;
import io.sluice.event.Columns;
import io.sluice.event.Origin;
import io.sluice.event.Position;
import io.sluice.event.Refusal;
import io.sluice.journal.Appended;
import io.sluice.journal.Commits;
import io.sluice.journal.Journal;
import io.sluice.journal.JournalOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class JournalCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path directory;
  private Path journal;
  private int epoch;

  @BeforeEach
  void write() throws IOException {
    journal = directory.resolve("events");
    try (Journal open = Journal.open(journal, JournalOptions.DEFAULTS, new Deaf())) {
      Origin origin = new Origin("app", "anonymous", "application/json", Instant.EPOCH);
      for (int i = 0; i < 10; i++) {
        byte[] region =
            ("{\"id\":" + i + "}\n{\"id\":-" + i + "}\n").getBytes(StandardCharsets.UTF_8);
        int half = region.length / 2;
        open.append(
            Batch.of(
                region,
                new int[] {0, half - 1, half, region.length - 1},
                false,
                origin,
                Columns.NONE),
            "");
      }
      open.saveCursor("archive", open.first().plus(7));
      epoch = open.first().epoch();
    }
  }

  private static final class Deaf implements Commits {
    @Override
    public void committed(List<Appended> group) {}

    @Override
    public void refused(List<Appended> group, Refusal why) {}

    @Override
    public void failed(List<Appended> group, IOException cause) {}
  }

  private Position at(long ordinal) {
    return new Position(epoch, ordinal);
  }

  private int run(Object... args) {
    String[] words = java.util.Arrays.stream(args).map(String::valueOf).toArray(String[]::new);
    return new CommandLine(new JournalCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(words);
  }

  private void damage() throws IOException {
    Path segment = journal.resolve("00000000000000000000.seg");
    byte[] bytes = Files.readAllBytes(segment);
    bytes[4096 + 3 * 120] ^= 1;
    Files.write(segment, bytes);
  }

  @Test
  void tellsWhatIsThere() {
    assertThat(run("stat", journal)).isZero();
    assertThat(out.toString())
        .contains(
            "events     20, " + at(0) + " to " + at(20),
            "shut down  in order",
            "archive  " + at(7) + "  13 behind");
  }

  @Test
  void verifiesASoundJournal() {
    assertThat(run("verify", journal)).isZero();
    assertThat(out.toString()).contains("sound: " + at(0) + " to " + at(20) + ", 0 damaged places");
  }

  @Test
  void exits1WhenAJournalIsDamaged() throws IOException {
    damage();
    assertThat(run("verify", journal)).isOne();
    assertThat(out.toString())
        .contains("(2 events) in 00000000000000000000.seg at byte", "damaged:");
  }

  @Test
  void dumpsEvents() throws IOException {
    Path lines = directory.resolve("lines");
    assertThat(run("dump", journal, "--from", at(3), "--limit", 4, "-o", lines)).isZero();
    assertThat(lines).hasContent("{\"id\":-1}\n{\"id\":2}\n{\"id\":-2}\n{\"id\":3}");
    assertThat(run("dump", journal, "--from", "19", "--format", "envelope", "-o", lines)).isZero();
    assertThat(lines).content().contains("\"position\":\"" + at(19) + "\"", "\"data\":{\"id\":-9}");
  }

  @Test
  void salvagesWhatIsReadable() throws IOException {
    damage();
    Path copy = directory.resolve("copy");
    assertThat(run("salvage", journal, "--dry-run")).isZero();
    assertThat(run("salvage", journal, "--to", copy)).isZero();
    assertThat(out.toString()).contains("18 events would be copied", "18 events copied");
    assertThat(run("verify", copy)).isZero();
    assertThat(run("stat", copy)).isZero();
    assertThat(out.toString()).contains("sound: " + at(0) + " to " + at(20), "archive  " + at(7));
  }

  @Test
  void usageErrorsExit2() {
    assertThat(run()).isEqualTo(2);
    assertThat(run("stat", directory.resolve("none"))).isEqualTo(2);
    assertThat(run("dump", journal, "--from", "x")).isEqualTo(2);
    assertThat(run("salvage", journal)).isEqualTo(2);
  }
}
