package io.sluice.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.event.Event;
import io.sluice.event.Position;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Journals written by earlier releases, kept as resources, stay readable. */
class JournalFormatTest {
  @TempDir Path directory;

  private Path copied(String resource) throws IOException, URISyntaxException {
    Path from = Path.of(Objects.requireNonNull(getClass().getResource(resource)).toURI());
    try (var files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, directory.resolve(file.getFileName()));
      }
    }
    return directory;
  }

  @Test
  void readsFormat1() throws IOException, URISyntaxException {
    try (Journal journal =
            Journal.open(copied("/journal-format-1"), JournalOptions.DEFAULTS, new Heard());
        JournalReader reader = journal.reader(Position.START)) {
      assertThat(journal.stats().cleanStart()).isTrue();
      assertThat(journal.cursors()).isEqualTo(Map.of("archive", new Position(0, 2)));
      assertThat(Batches.payloads(reader.read().orElseThrow().batch()))
          .containsExactly("{\"id\":1}", "{\"id\":2}");
      Entry plain = reader.read().orElseThrow();
      assertThat(Batches.payloads(plain.batch())).containsExactly("plain");
      assertThat(plain.batch().origin()).isEqualTo(Batches.ORIGIN);
      Event first = reader.read().orElseThrow().batch().event(0);
      assertThat(first.id()).contains("a");
      assertThat(first.attributes()).isEqualTo(Map.of("subject", "s"));
      Event second = new Event(first.batch(), 1);
      assertThat(second.id()).isEmpty();
      assertThat(second.key()).contains("k");
      assertThat(second.time()).isEqualTo(Instant.ofEpochSecond(5, 6));
      assertThat(reader.read()).isEmpty();
      assertThat(journal.next()).isEqualTo(new Position(0, 5));
    }
  }
}
