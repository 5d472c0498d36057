package io.sluice.sink.file;

import static io.sluice.sink.Deliveries.at;
import static io.sluice.sink.Deliveries.lines;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.event.Delivery;
import io.sluice.event.Outcome;
import io.sluice.event.Position;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ShelfTest {
  private static final Instant NOON = Instant.parse("2026-03-04T12:00:00Z");

  @TempDir Path directory;

  private final SimulatedDisk disk = new SimulatedDisk(new Random(1));

  private Shelf shelf(FileSinkConfig config, Instant now) throws IOException {
    Clock clock = Clock.fixed(now, ZoneOffset.UTC);
    Shelf shelf = Shelves.shelf(config, directory.resolve("memory"), disk, clock);
    shelf.recover();
    return shelf;
  }

  private FileSinkConfig config(String name, long maxBytes, Optional<Duration> every) {
    return Shelves.config(
        directory.resolve("out").resolve(name).toString(), Compression.NONE, maxBytes, every, 4);
  }

  private List<String> linesOf(String name) throws IOException {
    return Shelves.lines(directory.resolve("out").resolve(name));
  }

  @Test
  void beginsTheNextFileWhereTheSizeIsReached() throws Exception {
    Shelf shelf = shelf(config("a.log", 6, Optional.empty()), NOON);

    shelf.write(at(0, lines("1", "2", "3", "4", "5", "too long", "6")));
    shelf.commit();

    assertThat(linesOf("a.log")).containsExactly("1", "2", "3");
    assertThat(linesOf("a-0001.log")).containsExactly("4", "5");
    assertThat(linesOf("a-0002.log")).containsExactly("too long");
    assertThat(linesOf("a-0003.log")).containsExactly("6");
  }

  @Test
  void goesOnWithTheHighestNumberAfterARestart() throws Exception {
    FileSinkConfig config = config("a.log", 4, Optional.empty());
    Shelf shelf = shelf(config, NOON);
    shelf.write(at(0, lines("1", "2", "3")));
    shelf.commit();
    Files.delete(directory.resolve("out/a.log"));

    Shelf again = shelf(config, NOON);
    again.write(at(3, lines("4", "5")));
    again.commit();

    assertThat(Shelves.names(directory.resolve("out"))).containsExactly("a-0001.log", "a-0002.log");
    assertThat(linesOf("a-0001.log")).containsExactly("3", "4");
  }

  @Test
  void beginsTheNextFileWhenTheTimeIsOver() throws Exception {
    FileSinkConfig config = config("a.log", 0, Optional.of(Duration.ofHours(1)));
    Instant now = Instant.now();
    Shelf shelf = shelf(config, now);
    shelf.write(at(0, lines("1")));
    shelf.commit();

    Shelf later = shelf(config, now.plus(Duration.ofHours(2)));
    later.write(at(1, lines("2")));
    later.commit();

    assertThat(linesOf("a.log")).containsExactly("1");
    assertThat(linesOf("a-0001.log")).containsExactly("2");
  }

  @Test
  void keepsNoMoreFilesOpenThanItMay() throws Exception {
    Shelf shelf = shelf(config("{key}.log", 0, Optional.empty()), NOON);
    List<String> keys = List.of("a", "b", "c", "d", "e", "f", "g", "a", "b");

    shelf.write(at(0, lines(Deliveries.JSON, keys, "1", "2", "3", "4", "5", "6", "7", "8", "9")));
    shelf.commit();

    assertThat(linesOf("a.log")).containsExactly("1", "8");
    assertThat(linesOf("g.log")).containsExactly("7");
    String progress = Files.readString(directory.resolve("memory/progress"));
    assertThat(progress.lines().filter(line -> line.startsWith("file "))).hasSizeLessThan(5);
  }

  @Test
  void writesNothingOfADeliveryWithAnEventThatCannotBeWrittenAnywhere() throws Exception {
    Shelf shelf = shelf(config("{key}.log", 0, Optional.empty()), NOON);
    Delivery delivery = at(0, lines(Deliveries.JSON, List.of("a", "../b"), "1", "2"));

    assertThatThrownBy(() -> shelf.write(delivery)).isInstanceOf(UnfitPathException.class);

    assertThat(shelf.changed()).isFalse();
    assertThat(Shelves.names(directory.resolve("out"))).isEmpty();
  }

  @Test
  void beginsAnewWhenTheFileWasMovedAway() throws Exception {
    Path out = directory.resolve("out");
    Shelf shelf =
        Shelves.shelf(
            config("a.log", 0, Optional.empty()),
            directory.resolve("memory"),
            new LocalDisk(),
            Clock.systemUTC());
    shelf.recover();
    shelf.write(at(0, lines("1")));
    shelf.commit();
    Files.move(out.resolve("a.log"), out.resolve("old"));

    shelf.write(at(1, lines("2")));
    shelf.commit();
    shelf.write(at(2, lines("3")));
    shelf.commit();

    assertThat(linesOf("old")).containsExactly("1", "2");
    assertThat(linesOf("a.log")).containsExactly("3");
  }

  @Test
  void followsNoLinkBelowItsRoot() throws Exception {
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    Shelf shelf = shelf(config("{stream}/{key}.log", 0, Optional.empty()), NOON);
    Path link = directory.resolve("out/events");
    Files.createSymbolicLink(link, elsewhere);

    assertThatThrownBy(() -> shelf.write(at(0, lines("1"))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is a link");
    Files.delete(link);
    Files.createDirectory(link);
    Files.createSymbolicLink(link.resolve("_.log"), elsewhere.resolve("target"));
    assertThatThrownBy(() -> shelf.write(at(0, lines("1"))))
        .hasMessageContaining("is not a regular file");
    assertThat(Shelves.names(elsewhere)).isEmpty();
  }

  @Test
  void saysRetryWhenTheDiskIsFullAndGoesOnWhenThereIsRoom() throws Exception {
    Commits commits = new Commits(shelf(config("a.log", 0, Optional.empty()), NOON), true);
    Future<Outcome> first = write(commits, at(0, lines("1")));
    commits.commit();
    hear(commits);
    disk.space = 3;
    Future<Outcome> second = write(commits, at(1, lines("22", "33")));
    Future<Outcome> third = write(commits, at(3, lines("4")));
    commits.commit();
    Future<Outcome> tooEarly = write(commits, at(4, lines("5")));
    hear(commits);

    assertThat(first.result()).isEqualTo(Outcome.stored());
    assertThat(second.result()).isEqualTo(Outcome.retry("cannot write: No space left on device"));
    assertThat(third.result()).isInstanceOf(Outcome.Retry.class);
    assertThat(tooEarly.result()).isInstanceOf(Outcome.Retry.class);

    disk.space = Long.MAX_VALUE;
    Future<Outcome> again = write(commits, at(1, lines("22", "33")));
    commits.commit();
    hear(commits);
    assertThat(again.result()).isEqualTo(Outcome.stored());
    assertThat(linesOf("a.log")).containsExactly("1", "22", "33");
  }

  private final Map<String, Integer> eras = new HashMap<>();

  private Future<Outcome> write(Commits commits, Delivery delivery) {
    Promise<Outcome> answer = Promise.promise();
    commits.write(new Work.Write(delivery, eras.getOrDefault(delivery.stream(), 0), answer));
    return answer.future();
  }

  private void hear(Commits commits) {
    List<Commits.Answer> answers = commits.answers();
    for (Commits.Answer answer : answers) {
      eras.put(answer.to().delivery().stream(), answer.era());
      answer.tell();
    }
  }

  @ParameterizedTest
  @EnumSource
  void cutsGarbageBehindTheCommittedLengthOff(Compression compression) throws Exception {
    String name = directory.resolve("out/a.log").toString();
    FileSinkConfig config = Shelves.config(name, compression, 0, Optional.empty(), 4);
    Shelf shelf = shelf(config, NOON);
    shelf.write(at(0, lines("1")));
    shelf.commit();
    shelf.write(at(1, lines("2")));
    shelf.commit();
    Path file = Path.of(name + compression.suffix());
    Files.write(file, new byte[] {1, 2, 3, '\n', 5}, java.nio.file.StandardOpenOption.APPEND);

    Shelf again = Shelves.shelf(config, directory.resolve("memory"), disk, Clock.systemUTC());
    Map<String, Position> positions = again.recover();
    again.write(at(2, lines("3")));
    again.commit();

    assertThat(positions).containsExactly(Map.entry("events", new Position(0, 2)));
    assertThat(Shelves.lines(file)).containsExactly("1", "2", "3");
  }

  @ParameterizedTest
  @EnumSource
  void packsMoreThanItsBuffersHold(Compression compression) throws Exception {
    String name = directory.resolve("out/a.log").toString();
    Shelf shelf = shelf(Shelves.config(name, compression, 0, Optional.empty(), 4), NOON);
    Random random = new Random(3);
    String[] events = new String[40_000];
    for (int i = 0; i < events.length; i++) {
      events[i] = Long.toString(random.nextLong(), 36) + random.nextLong();
    }

    shelf.write(at(0, lines(events)));
    shelf.commit();
    shelf.write(at(events.length, lines(events)));
    shelf.commit();

    List<String> found = Shelves.lines(Path.of(name + compression.suffix()));
    assertThat(found).hasSize(2 * events.length);
    assertThat(found.subList(0, events.length)).containsExactly(events);
    assertThat(found.subList(events.length, found.size())).containsExactly(events);
  }

  @Test
  void refusesProgressThatIsDamagedOrNewer() throws Exception {
    Progress progress =
        new Progress(
            Map.of("a b", new Position(3, 44), "ü\n", Position.START),
            List.of(
                new Progress.Kept(Path.of("/o/x y\n%"), 17, false),
                new Progress.Kept(Path.of("/o/z"), 0, true)));
    String text = progress.text();

    assertThat(Progress.parse(text)).isEqualTo(progress);
    for (int i = 0; i < text.length() - 1; i++) {
      char[] damaged = text.toCharArray();
      damaged[i] ^= 4;
      assertThatThrownBy(() -> Progress.parse(new String(damaged))).isInstanceOf(IOException.class);
    }
    for (int i = 0; i < text.length(); i++) {
      String torn = text.substring(0, i);
      assertThatThrownBy(() -> Progress.parse(torn)).isInstanceOf(IOException.class);
    }
    assertThatThrownBy(() -> Progress.parse(text.replace("sink 1", "sink 2")))
        .hasMessageContaining("newer version");
  }
}
