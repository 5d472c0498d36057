package io.sluice.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.event.Batch;
import io.sluice.event.Columns;
import io.sluice.event.Origin;
import io.sluice.event.Sequence;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Makes batches and compares them. */
final class Batches {
  static final Origin ORIGIN =
      new Origin(
          "app", Origin.ANONYMOUS, "application/json", Instant.ofEpochSecond(1_700_000_000, 5));

  private Batches() {}

  /** One event. */
  static Batch of(String payload) {
    return Batch.single(payload.getBytes(StandardCharsets.UTF_8), ORIGIN);
  }

  static Batch lines(String... lines) {
    byte[] region = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
    int[] bounds = new int[2 * lines.length];
    int at = 0;
    for (int i = 0; i < lines.length; i++) {
      bounds[2 * i] = at;
      at += lines[i].getBytes(StandardCharsets.UTF_8).length;
      bounds[2 * i + 1] = at++;
    }
    return Batch.of(region, bounds, true, ORIGIN, Columns.NONE);
  }

  static List<String> payloads(Batch batch) {
    List<String> payloads = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      payloads.add(
          new String(
              batch.region(),
              batch.start(i),
              batch.end(i) - batch.start(i),
              StandardCharsets.UTF_8));
    }
    return payloads;
  }

  /** Any shape a batch can have. */
  static Batch random(Random random, int events, int maxBytes) {
    boolean lines = random.nextBoolean();
    int[] bounds = new int[2 * events];
    int at = lines ? 0 : random.nextInt(5);
    for (int i = 0; i < events; i++) {
      bounds[2 * i] = at;
      at += random.nextInt(maxBytes + 1);
      bounds[2 * i + 1] = at;
      at += lines ? 1 : random.nextInt(3);
    }
    byte[] region = new byte[at + random.nextInt(4)];
    random.nextBytes(region);
    if (lines) {
      for (int i = 0; i < region.length; i++) {
        region[i] = region[i] == '\n' ? 0 : region[i];
      }
      for (int i = 0; i < events; i++) {
        region[bounds[2 * i + 1]] = '\n';
      }
    }
    Origin origin =
        new Origin(
            "source-" + random.nextInt(3),
            "prinzipal-ü" + random.nextInt(2),
            "text/plain",
            Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000)));
    Batch batch = Batch.of(region, bounds, lines, origin, columns(random, events));
    long first = 1L + random.nextInt(1000);
    return random.nextBoolean()
        ? batch
        : batch.numbered(new Sequence("sitzung-ü", first, first + events - 1 + random.nextInt(3)));
  }

  private static Columns columns(Random random, int events) {
    List<String> ids = new ArrayList<>();
    List<String> keys = new ArrayList<>();
    List<Instant> times = new ArrayList<>();
    List<Map<String, String>> attributes = new ArrayList<>();
    int present = random.nextInt(16);
    for (int i = 0; i < events; i++) {
      if ((present & 1) != 0) {
        ids.add(random.nextBoolean() ? "id-" + random.nextLong() : null);
      }
      if ((present & 2) != 0) {
        keys.add(random.nextBoolean() ? "schlüssel-" + random.nextInt() : null);
      }
      if ((present & 4) != 0) {
        times.add(random.nextBoolean() ? Instant.ofEpochSecond(random.nextInt(), 7) : null);
      }
      if ((present & 8) != 0) {
        attributes.add(random.nextBoolean() ? Map.of("subject", "s" + i, "type", "t") : Map.of());
      }
    }
    return new Columns(
        Collections.unmodifiableList(ids),
        Collections.unmodifiableList(keys),
        Collections.unmodifiableList(times),
        attributes);
  }

  static void assertSame(Batch read, Batch written) {
    assertThat(read.size()).isEqualTo(written.size());
    assertThat(read.lines()).isEqualTo(written.lines());
    assertThat(read.origin()).isEqualTo(written.origin());
    assertThat(read.sequence()).isEqualTo(written.sequence());
    assertThat(read.columns()).isEqualTo(written.columns());
    assertThat(read.bytes()).isEqualTo(written.bytes());
    for (int i = 0; i < read.size(); i++) {
      assertThat(read.event(i).payload()).isEqualTo(written.event(i).payload());
    }
  }
}
