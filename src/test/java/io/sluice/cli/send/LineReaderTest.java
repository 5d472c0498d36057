package io.sluice.cli.send;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineReaderTest {
  @Test
  void cutsAfterSoManyLines() throws IOException {
    assertThat(chunks(reader("a\nb\nc\nd\ne\n", 2, 1000)))
        .extracting(chunk -> chunk.firstLine() + ":" + chunk.body())
        .containsExactly("1:a\nb\n", "3:c\nd\n", "5:e\n");
  }

  @Test
  void cutsBeforeTooManyBytes() throws IOException {
    assertThat(chunks(reader("aaaa\nbbbb\ncccccccccccccccccc\nd\n", 100, 10)))
        .extracting(chunk -> chunk.body().toString())
        .containsExactly("aaaa\nbbbb\n", "cccccccccccccccccc\n", "d\n");
  }

  @Test
  void theLastLineNeedsNoLineFeed() throws IOException {
    assertThat(chunks(reader("a\nb", 100, 1000)))
        .extracting(chunk -> chunk.body().toString())
        .satisfies(bodies -> assertThat(String.join("", bodies)).isEqualTo("a\nb\n"));
  }

  @Test
  void blankLinesAreNoEventsAndKeepTheNumbering() throws IOException {
    List<Chunk> chunks = chunks(reader("\n\na\n \r\n\nb\n\n\n", 2, 1000));

    assertThat(chunks.get(0)).extracting(Chunk::firstLine, Chunk::events).containsExactly(3L, 2);
    assertThat(chunks.get(0).body().toString()).isEqualTo("a\n \r\n\nb\n");
    assertThat(chunks).hasSize(1);
  }

  @Test
  void anEmptyInputHasNoChunk() throws IOException {
    assertThat(chunks(reader("", 2, 1000))).isEmpty();
    assertThat(chunks(reader("\n\n", 2, 1000))).isEmpty();
  }

  @Test
  void passesOverLinesThatAreTooLongAndKeepsTheNumbering() throws IOException {
    String tooLong = "x".repeat(300_000);
    LineReader reader =
        new LineReader(in("a\n" + tooLong + "\nb\nc\n" + tooLong), 100, 1000, 100_000);

    List<Chunk> chunks = chunks(reader);

    assertThat(chunks)
        .extracting(chunk -> chunk.firstLine() + ":" + chunk.body())
        .containsExactly("1:a\n", "3:b\nc\n");
    assertThat(reader.takeTooLong()).extracting(Rejection::line).containsExactly(2L, 5L);
    assertThat(reader.takeTooLong()).isEmpty();
  }

  @Test
  void doesNotWaitForMoreWhenTheInputPauses() throws IOException {
    InputStream pausing =
        new InputStream() {
          private int reads;

          @Override
          public int read() {
            throw new UnsupportedOperationException();
          }

          @Override
          public int read(byte[] into, int from, int room) {
            if (reads++ > 0) {
              throw new AssertionError("asked again instead of handing on what came");
            }
            byte[] came = "a\nb\nhalf".getBytes(UTF_8);
            System.arraycopy(came, 0, into, from, came.length);
            return came.length;
          }

          @Override
          public int available() {
            return 0;
          }
        };

    try (LineReader reader = new LineReader(pausing, 100, 1000, 1000)) {
      assertThat(reader.next()).hasValueSatisfying(c -> assertThat(c.events()).isEqualTo(2));
    }
  }

  @Test
  void losesNothingWhateverTheInput() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      StringBuilder text = new StringBuilder();
      List<String> lines = new ArrayList<>();
      for (int i = random.nextInt(200); i > 0; i--) {
        String line = random.nextInt(5) == 0 ? "" : "v".repeat(1 + random.nextInt(3000));
        lines.add(line);
        text.append(line).append('\n');
      }
      List<String> found = new ArrayList<>();
      for (Chunk chunk : chunks(reader(text.toString(), 1 + random.nextInt(20), 5000))) {
        List<String> body = chunk.body().toString().lines().toList();
        for (int i = 0; i < body.size(); i++) {
          assertThat(body.get(i))
              .as("seed %d, line %d", seed, chunk.firstLine() + i)
              .isEqualTo(lines.get((int) chunk.firstLine() + i - 1));
        }
        body.stream().filter(line -> !line.isEmpty()).forEach(found::add);
      }
      lines.removeIf(String::isEmpty);
      assertThat(found).as("seed %d", seed).isEqualTo(lines);
    }
  }

  private static LineReader reader(String text, int maxEvents, int maxBytes) {
    return new LineReader(in(text), maxEvents, maxBytes, 1_000_000);
  }

  private static InputStream in(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }

  private static List<Chunk> chunks(LineReader reader) throws IOException {
    List<Chunk> chunks = new ArrayList<>();
    try (reader) {
      for (Optional<Chunk> next = reader.next(); next.isPresent(); next = reader.next()) {
        chunks.add(next.get());
      }
    }
    return chunks;
  }
}
