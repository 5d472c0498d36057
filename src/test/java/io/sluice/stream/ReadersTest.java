package io.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sluice.event.Position;
import io.sluice.event.Refusal;
import io.sluice.journal.Appended;
import io.sluice.journal.Commits;
import io.sluice.journal.Journal;
import io.sluice.journal.JournalOptions;
import io.sluice.sink.Deliveries;
import io.sluice.sink.OnLoop;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(VertxExtension.class)
class ReadersTest {
  private static final Path OPEN_FILES = Path.of("/proc/self/fd");

  private static final class Committed implements Commits {
    private final CountDownLatch left = new CountDownLatch(3);

    @Override
    public void committed(List<Appended> group) {
      group.forEach(each -> left.countDown());
    }

    @Override
    public void refused(List<Appended> group, Refusal why) {}

    @Override
    public void failed(List<Appended> group, IOException cause) {}
  }

  @Test
  void noReaderKeepsASegmentOpenThatWasLetGo(Vertx vertx, @TempDir Path directory)
      throws Exception {
    assumeTrue(Files.isDirectory(OPEN_FILES));
    Committed committed = new Committed();
    JournalOptions small = JournalOptions.DEFAULTS.withSegmentBytes(16 << 10);
    try (Journal journal = Journal.open(directory, small, committed)) {
      for (int i = 0; i < 3; i++) {
        journal.append(Deliveries.lines("x".repeat(5_000), "x".repeat(5_000)), i);
      }
      assertThat(committed.left.await(20, TimeUnit.SECONDS)).isTrue();
      Context loop = vertx.getOrCreateContext();
      Readers readers = new Readers(vertx);
      Position start = journal.first();
      Position third = start.plus(3);
      on(loop, () -> readers.read(journal, start, start.ordinal() + 2, 1));
      on(loop, () -> readers.read(journal, third, start.ordinal() + 4, 1));
      assertThat(open(directory)).hasSize(3);

      on(
          loop,
          () -> {
            readers.release(third);
            return Future.succeededFuture();
          });

      await().atMost(Duration.ofSeconds(20)).until(() -> open(directory).size() == 2);
      on(loop, readers::close);
    }
  }

  /** The segments this process has open, once for each time. */
  private static List<String> open(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(OPEN_FILES)) {
      return files
          .map(ReadersTest::target)
          .filter(file -> file.startsWith(directory.toString()) && !file.endsWith(".lock"))
          .toList();
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException closed) {
      return "";
    }
  }

  private static <T> T on(Context loop, Supplier<Future<T>> call) {
    Promise<T> answer = Promise.promise();
    loop.runOnContext(now -> call.get().onComplete(answer));
    return OnLoop.wait(answer.future());
  }
}
