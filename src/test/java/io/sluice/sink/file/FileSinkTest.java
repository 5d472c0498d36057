package io.sluice.sink.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.codec.LineFormat;
import io.sluice.connector.Sink;
import io.sluice.connector.SinkContext;
import io.sluice.event.Batch;
import io.sluice.event.Outcome;
import io.sluice.sink.Deliveries;
import io.sluice.sink.OnLoop;
import io.sluice.sink.SinkContract;
import io.sluice.sink.TestContext;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSinkTest implements SinkContract {
  @Override
  public Sink sink(SinkContext context, Path directory) {
    return new FileSinkFactory()
        .create(config(directory.resolve("{stream}.ndjson").toString()), context);
  }

  @Override
  public List<String> arrived(Path directory) {
    return lines(directory.resolve("events.ndjson"));
  }

  @Test
  void failsToOpenWithAClearMessageWhenTheDirectoryCannotBe(Vertx vertx, @TempDir Path directory)
      throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "");
    OnLoop sink =
        new OnLoop(
            vertx, sink(new TestContext(vertx, directory.resolve("m")), file.resolve("below")));

    var opening = sink.opening();

    assertThat(opening.toCompletionStage().toCompletableFuture())
        .failsWithin(Duration.ofSeconds(10))
        .withThrowableThat()
        .withMessageContaining(file.toString());
    sink.close();
  }

  @Test
  void appendsToWhatIsThere(Vertx vertx, @TempDir Path directory) throws IOException {
    Files.createDirectories(directory.resolve("out"));
    Files.writeString(directory.resolve("out/events.ndjson"), "before\n");
    OnLoop sink =
        new OnLoop(
            vertx, sink(new TestContext(vertx, directory.resolve("m")), directory.resolve("out")));
    sink.open();

    Outcome outcome = sink.delivered(Deliveries.at(0, Deliveries.lines("1", "2")));

    assertThat(outcome).isEqualTo(Outcome.stored());
    assertThat(arrived(directory.resolve("out"))).containsExactly("before", "1", "2");
    sink.close();
  }

  @Test
  void whatWasHandedOverBehindARefusedDeliveryHasToComeAgain(Vertx vertx, @TempDir Path directory) {
    Path out = directory.resolve("out");
    TestContext context = new TestContext(vertx, directory.resolve("m"));
    OnLoop sink =
        new OnLoop(
            vertx,
            new FileSinkFactory().create(config(out.resolve("{key}.ndjson").toString()), context));
    sink.open();
    Batch mixed = Deliveries.lines(Deliveries.JSON, List.of("k", "../k", "k"), "1", "2", "3");
    Batch behind = Deliveries.lines(Deliveries.JSON, List.of("k"), "4");

    var answers = sink.deliver(Deliveries.at(0, mixed), Deliveries.at(3, behind));

    assertThat(OnLoop.wait(answers.get(0))).isInstanceOf(Outcome.Refused.class);
    assertThat(OnLoop.wait(answers.get(1))).isInstanceOf(Outcome.Retry.class);
    sink.delivered(Deliveries.at(0, mixed.slice(0, 1)));
    sink.delivered(Deliveries.at(2, mixed.slice(2, 3)));
    sink.delivered(Deliveries.at(3, behind));
    assertThat(lines(out.resolve("k.ndjson"))).containsExactly("1", "3", "4");
    sink.close();
  }

  @Test
  void aRefusalInOneStreamTurnsAwayNothingOfAnother(Vertx vertx, @TempDir Path directory) {
    Path out = directory.resolve("out");
    OnLoop sink =
        new OnLoop(
            vertx,
            new FileSinkFactory()
                .create(
                    config(out.resolve("{stream}-{key}.ndjson").toString()),
                    new TestContext(vertx, directory.resolve("m"))));
    sink.open();
    Batch unfit = Deliveries.lines(Deliveries.JSON, List.of("../k"), "1");
    Batch good = Deliveries.lines(Deliveries.JSON, List.of("k"), "2");

    var answers = sink.deliver(Deliveries.in("a", 0, unfit), Deliveries.in("b", 0, good));

    assertThat(OnLoop.wait(answers.get(0))).isInstanceOf(Outcome.Refused.class);
    assertThat(OnLoop.wait(answers.get(1))).isEqualTo(Outcome.stored());
    assertThat(lines(out.resolve("b-k.ndjson"))).containsExactly("2");
    sink.close();
  }

  @Test
  void writesADeliveryThatWasTriedBeforeOnlyOnce(Vertx vertx, @TempDir Path directory) {
    OnLoop sink =
        new OnLoop(
            vertx, sink(new TestContext(vertx, directory.resolve("m")), directory.resolve("out")));
    sink.open();

    sink.deliver(Deliveries.at(0, Deliveries.lines("1", "2")));
    sink.deliver(Deliveries.at(0, Deliveries.lines("1", "2")));
    sink.delivered(Deliveries.at(1, Deliveries.lines("2", "3")));

    assertThat(arrived(directory.resolve("out"))).containsExactly("1", "2", "3");
    sink.close();
  }

  static FileSinkConfig config(String path) {
    return new FileSinkConfig(
        path,
        LineFormat.PAYLOAD,
        Compression.NONE,
        Optional.empty(),
        Optional.empty(),
        Duration.ofMillis(20),
        8);
  }

  static List<String> lines(Path file) {
    try {
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
