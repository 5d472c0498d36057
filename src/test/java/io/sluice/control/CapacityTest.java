package io.sluice.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.config.ByteSize;
import io.sluice.config.Checked;
import io.sluice.config.Problem;
import io.sluice.config.Reading;
import io.sluice.event.Refusal;
import io.sluice.harness.LogHeard;
import io.sluice.journal.Appended;
import io.sluice.journal.Commits;
import io.sluice.journal.Journal;
import io.sluice.journal.JournalOptions;
import io.sluice.sink.Deliveries;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileStoreAttributeView;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What streams may hold on disks of which the test says how large they are. */
class CapacityTest {
  private static final long GIB = 1L << 30;

  @TempDir private Path directory;
  private DataDirectory data;

  @BeforeEach
  void open() throws IOException {
    data = DataDirectory.open(directory.resolve("data"));
  }

  @AfterEach
  void close() throws IOException {
    data.close();
  }

  private Checked<Settings> fit(String streams, Capacity.Disks disks) throws IOException {
    String json =
        """
        {"sources": {"in": {"type": "door", "listen": "127.0.0.1:2", "to": "events"}},
         "streams": %s,
         "sinks": {"out": {"type": "pit", "path": "p", "from": "events"}}}
        """
            .formatted(streams);
    Path file = Files.writeString(directory.resolve("sluice.json"), json);
    return Capacity.fit(
        Fakes.MODEL
            .check(Reading.of(List.of(file)), name -> null)
            .fold(
                Checked.Good::value,
                bad -> {
                  throw new AssertionError(bad.problems());
                }),
        data,
        disks);
  }

  private static ByteSize limit(Checked<Settings> fitted, String stream) {
    return fitted.fold(
        good -> good.value().streams().get(stream).limit(),
        bad -> {
          throw new AssertionError(bad.problems());
        });
  }

  private static List<Problem> problems(Checked<Settings> fitted) {
    return fitted.fold(good -> List.of(), Checked.Bad::problems);
  }

  /** A disk with so much room left on it. */
  private static final class FakeDisk extends FileStore {
    private final long total;
    private final long usable;

    FakeDisk(long total, long usable) {
      this.total = total;
      this.usable = usable;
    }

    @Override
    public String name() {
      return "fake";
    }

    @Override
    public String type() {
      return "fake";
    }

    @Override
    public boolean isReadOnly() {
      return false;
    }

    @Override
    public long getTotalSpace() {
      return total;
    }

    @Override
    public long getUsableSpace() {
      return usable;
    }

    @Override
    public long getUnallocatedSpace() {
      return usable;
    }

    @Override
    public boolean supportsFileAttributeView(Class<? extends FileAttributeView> type) {
      return false;
    }

    @Override
    public boolean supportsFileAttributeView(String name) {
      return false;
    }

    @Override
    public <V extends FileStoreAttributeView> V getFileStoreAttributeView(Class<V> type) {
      return null;
    }

    @Override
    public Object getAttribute(String attribute) {
      throw new UnsupportedOperationException();
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

  private void journal(String stream, int events) throws IOException {
    try (Journal journal = Journal.open(data.stream(stream), JournalOptions.DEFAULTS, new Deaf())) {
      for (int i = 0; i < events; i++) {
        journal.append(Deliveries.lines("{}"), "");
      }
    }
  }

  @Test
  void whatWasLeftOpenIsLoweredToAShareOfTheDiskAndTold() throws IOException {
    FakeDisk disk = new FakeDisk(20 * GIB, 8 * GIB);
    try (LogHeard log = LogHeard.of(Capacity.class)) {
      Checked<Settings> fitted =
          fit("{\"big\": {\"maxBytes\": \"2GiB\"}, \"more\": {}}", where -> disk);

      // 8 GiB of room, less 2 GiB that were asked for and 2 GiB of margin, for two
      assertThat(limit(fitted, "events")).hasToString("2GiB");
      assertThat(limit(fitted, "more")).hasToString("2GiB");
      assertThat(limit(fitted, "big")).hasToString("2GiB");
      assertThat(log.lines())
          .containsExactlyInAnyOrder(
              "INFO stream made to fit the disk stream=events maxBytes=2GiB preset=10GiB",
              "INFO stream made to fit the disk stream=more maxBytes=2GiB preset=10GiB");
    }
  }

  @Test
  void aFullDiskLeavesTheLeastThereIs() throws IOException {
    FakeDisk disk = new FakeDisk(20 * GIB, 100);

    assertThat(limit(fit("{}", where -> disk), "events")).hasToString("1MiB");
  }

  @Test
  void eachDiskIsSharedByTheStreamsOnItAlone() throws IOException {
    Files.createDirectories(data.stream("events")); // where the other disk would be mounted
    FakeDisk small = new FakeDisk(2 * GIB, GIB);
    FakeDisk large = new FakeDisk(100 * GIB, 90 * GIB);
    Capacity.Disks disks = where -> where.equals(data.stream("events")) ? small : large;

    Checked<Settings> fitted = fit("{\"more\": {\"maxBytes\": \"60GiB\"}}", disks);

    assertThat(limit(fitted, "events").bytes()).isLessThan(GIB).isGreaterThan(GIB / 2);
    assertThat(limit(fitted, "more")).hasToString("60GiB");
    assertThat(problems(fit("{\"events\": {\"maxBytes\": \"60GiB\"}}", disks)))
        .singleElement()
        .satisfies(
            problem -> assertThat(problem.toString()).contains("has room for " + GIB + " bytes"));
  }

  @Test
  void aStreamWithEventsStartsHoweverFullItsDiskIsAndSaysSo() throws IOException {
    FakeDisk disk = new FakeDisk(20 * GIB, 0);
    journal("events", 3);
    try (LogHeard log = LogHeard.of(Capacity.class)) {
      Checked<Settings> fitted = fit("{\"events\": {\"maxBytes\": \"4GiB\"}}", where -> disk);

      assertThat(limit(fitted, "events")).hasToString("4GiB");
      assertThat(log.lines())
          .singleElement()
          .asString()
          .startsWith("WARN ")
          .contains("stream=events maxBytes=" + 4 * GIB + " otherStreams=0 room=");
    }
  }

  @Test
  void aStreamWithoutEventsIsRefusedThoughItsJournalIsThere() throws IOException {
    FakeDisk disk = new FakeDisk(20 * GIB, 0);
    journal("events", 0);

    assertThat(problems(fit("{\"events\": {\"maxBytes\": \"4GiB\"}}", where -> disk))).hasSize(1);
  }
}
