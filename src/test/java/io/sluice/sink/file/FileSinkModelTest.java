package io.sluice.sink.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.event.Batch;
import io.sluice.event.Delivery;
import io.sluice.event.Outcome;
import io.sluice.event.Position;
import io.sluice.harness.Effort;
import io.sluice.sink.Deliveries;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random deliveries, repeats, commits, failing operations, killed processes and cut power, against
 * what must hold after each: every acknowledged event is there once, in order, and nothing is that
 * the positions do not know of.
 */
class FileSinkModelTest {
  private static final int STEPS = 80;
  private static final List<String> STREAMS = List.of("a", "b");

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void losesAndDoublesNothingWhateverHappens(Compression compression) {
    run(1, 8, compression);
  }

  @Tag("slow")
  @ParameterizedTest
  @EnumSource
  void losesAndDoublesNothingHoweverOftenItIsTried(Compression compression) {
    run(9, Effort.of(60, 20), compression);
  }

  private void run(long first, long last, Compression compression) {
    for (long seed = first; seed <= last; seed++) {
      try {
        new Run(seed, compression, directory.resolve("seed-" + seed)).run();
      } catch (Exception | AssertionError failed) {
        throw new AssertionError("seed " + seed + " with " + compression, failed);
      }
    }
  }

  /** A delivery that was handed over. */
  private record Handed(Delivery delivery, Future<Outcome> outcome) {}

  private static final class Run {
    private final Random random;
    private final Path out;
    private final Path memory;
    private final SimulatedDisk disk;
    private final FileSinkConfig config;
    private final boolean keyed;
    private final List<Handed> handed = new ArrayList<>();
    private final Map<String, Long> sent = new HashMap<>();
    private final Map<String, Long> acknowledged = new HashMap<>();
    private Instant now = Instant.parse("2026-03-04T05:06:07Z");
    private Shelf shelf;
    private Commits commits;
    private final Map<String, Integer> eras = new HashMap<>();

    Run(long seed, Compression compression, Path directory) {
      this.random = new Random(seed);
      this.out = directory.resolve("out");
      this.memory = directory.resolve("memory");
      this.disk = new SimulatedDisk(random);
      this.keyed = random.nextBoolean();
      this.config =
          Shelves.config(
              out.resolve(keyed ? "{stream}/{key}.log" : "{stream}/all-{seq}.log").toString(),
              compression,
              random.nextBoolean() ? 0 : 40 + random.nextInt(200),
              random.nextBoolean() ? Optional.empty() : Optional.of(Duration.ofMinutes(1)),
              1 + random.nextInt(4));
      STREAMS.forEach(stream -> sent.put(stream, 0L));
      STREAMS.forEach(stream -> acknowledged.put(stream, 0L));
      start();
    }

    private void start() {
      Clock clock =
          new Clock() {
            @Override
            public ZoneOffset getZone() {
              return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
              return this;
            }

            @Override
            public Instant instant() {
              return now;
            }
          };
      shelf = Shelves.shelf(config, memory, disk, clock);
      commits = new Commits(shelf, random.nextBoolean());
      eras.clear();
    }

    void run() throws IOException {
      shelf.recover();
      for (int step = 0; step < STEPS; step++) {
        act();
        if (disk.off()) {
          restart(true);
        } else if (random.nextInt(3) > 0) {
          hear();
        }
      }
      disk.failAfter(-1);
      for (int i = 0; i < 5; i++) {
        STREAMS.forEach(this::deliver);
        commits.commit();
        hear();
      }
      assertThat(acknowledged).isEqualTo(sent);
      check(acknowledged);
      shelf.abandon();
    }

    private void act() throws IOException {
      switch (random.nextInt(12)) {
        case 0 -> restart(false);
        case 1 -> restart(true);
        case 2 -> disk.failAfter(random.nextInt(12));
        case 3 -> disk.cutAfter(random.nextInt(25));
        case 4 -> now = now.plusSeconds(random.nextInt(90));
        case 5, 6 -> commits.commit();
        case 7 -> commits.rest();
        default -> deliver(STREAMS.get(random.nextInt(2)));
      }
    }

    private void deliver(String stream) {
      long first = sent.get(stream);
      if (random.nextInt(5) == 0) {
        // Tried before: from some event on that has no answer yet.
        long open = first - acknowledged.get(stream);
        first -= open == 0 ? 0 : random.nextLong(open + 1);
      }
      List<Batch> batches = new ArrayList<>();
      long next = first;
      do {
        int events = 1 + random.nextInt(6);
        batches.add(batch(stream, next, events));
        next += events;
      } while (random.nextInt(3) == 0);
      Delivery delivery = Deliveries.in(stream, first, batches.toArray(Batch[]::new));
      sent.merge(stream, next, Math::max);
      Promise<Outcome> answer = Promise.promise();
      handed.add(new Handed(delivery, answer.future()));
      commits.write(new Work.Write(delivery, eras.getOrDefault(delivery.stream(), 0), answer));
    }

    private Batch batch(String stream, long first, int events) {
      List<String> texts =
          LongStream.range(first, first + events).mapToObj(n -> stream + ":" + n).toList();
      List<String> keys =
          LongStream.range(first, first + events).mapToObj(n -> key(stream, n)).toList();
      return Deliveries.lines(
          Deliveries.JSON, keyed ? keys : List.of(), texts.toArray(String[]::new));
    }

    private static String key(String stream, long ordinal) {
      return "k" + Math.floorMod(ordinal * 7 / 3 + stream.hashCode(), 5);
    }

    /** Hears the answers, the way the event loop does. */
    private void hear() {
      List<Commits.Answer> answers = commits.answers();
      for (Commits.Answer answer : answers) {
        eras.put(answer.to().delivery().stream(), answer.era());
        answer.tell();
      }
      Set<String> again = new HashSet<>();
      for (Handed done : handed.stream().filter(one -> one.outcome().isComplete()).toList()) {
        String stream = done.delivery().stream();
        if (done.outcome().result().equals(Outcome.stored())) {
          acknowledged.merge(stream, done.delivery().next().ordinal(), Math::max);
        } else {
          again.add(stream);
        }
        handed.remove(done);
      }
      for (String stream : again) {
        assertThat(handed)
            .as("a failure answers everything of its streams")
            .noneMatch(one -> one.delivery().stream().equals(stream));
        sent.put(stream, acknowledged.get(stream));
      }
    }

    private void restart(boolean power) throws IOException {
      shelf.abandon();
      if (power) {
        disk.cut();
      }
      disk.failAfter(-1);
      handed.clear();
      start();
      Map<String, Position> positions = shelf.recover();
      Map<String, Long> stands = new HashMap<>();
      for (String stream : STREAMS) {
        long stand = positions.getOrDefault(stream, Position.START).ordinal();
        assertThat(stand).isGreaterThanOrEqualTo(acknowledged.get(stream));
        stands.put(stream, stand);
      }
      sent.putAll(stands);
      acknowledged.putAll(stands);
      check(stands);
    }

    /** Every event before the positions is in the files, once, in order for each key. */
    private void check(Map<String, Long> stands) throws IOException {
      for (String stream : STREAMS) {
        Map<String, List<String>> found = new TreeMap<>();
        for (Path file : files(out.resolve(stream))) {
          String name = file.getFileName().toString();
          found
              .computeIfAbsent(keyed ? name.substring(0, 2) : "", key -> new ArrayList<>())
              .addAll(Shelves.lines(file));
        }
        found.values().removeIf(List::isEmpty);
        Map<String, List<String>> expected =
            LongStream.range(0, stands.get(stream))
                .boxed()
                .collect(
                    Collectors.groupingBy(
                        n -> keyed ? key(stream, n) : "",
                        TreeMap::new,
                        Collectors.mapping(n -> stream + ":" + n, Collectors.toList())));
        assertThat(found).isEqualTo(expected);
      }
    }

    /** In the order in which they were written. */
    private static List<Path> files(Path directory) throws IOException {
      if (!Files.exists(directory)) {
        return List.of();
      }
      try (Stream<Path> files = Files.list(directory)) {
        return files
            .sorted(
                java.util.Comparator.comparing(
                    file -> file.getFileName().toString().replaceFirst("\\.", "!.")))
            .toList();
      }
    }
  }
}
