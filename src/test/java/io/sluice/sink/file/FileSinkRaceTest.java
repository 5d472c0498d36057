package io.sluice.sink.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.event.Delivery;
import io.sluice.event.Outcome;
import io.sluice.sink.Deliveries;
import io.sluice.sink.OnLoop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What the event loop hands over while it has not heard yet what happened on the thread. */
@ExtendWith(VertxExtension.class)
class FileSinkRaceTest {
  @TempDir Path directory;

  /** A disk that stops in every commit until it is told to go on. */
  private static final class StoppingDisk implements Disk {
    private final Disk disk = new LocalDisk();
    private final Semaphore stopped = new Semaphore(0);
    private final Semaphore goOn = new Semaphore(0);
    private volatile boolean stopping;
    private volatile boolean withoutMemory;

    @Override
    public FileChannel open(Path file, Set<? extends OpenOption> options) throws IOException {
      if (withoutMemory) {
        throw new OutOfMemoryError("Direct buffer memory");
      }
      return disk.open(file, options);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
      disk.forceDirectory(directory);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
      if (stopping) {
        stopped.release();
        await(goOn);
      }
      disk.rename(from, to);
    }

    @Override
    public void delete(Path file) throws IOException {
      disk.delete(file);
    }
  }

  @Test
  void noStreamIsOvertakenWhenAnotherIsRefusedSomething(Vertx vertx) throws IOException {
    StoppingDisk disk = new StoppingDisk();
    Path out = directory.resolve("out");
    FileSink inner = sink(out, disk, vertx);
    OnLoop sink = new OnLoop(vertx, inner);
    sink.open();
    sink.delivered(one("a", 0, "k"));
    sink.delivered(one("b", 0, "k"));
    disk.stopping = true;

    Promise<Outcome> behind = Promise.promise();
    Future<Outcome> before =
        sink.call(
            () -> {
              inner.deliver(one("a", 1, "k"));
              await(disk.stopped);
              inner.deliver(one("a", 2, "k"));
              inner.deliver(one("a", 3, "../k"));
              disk.goOn.release();
              // The refusal is on its way to this loop, and what is written is being committed.
              await(disk.stopped);
              vertx.runOnContext(
                  told -> inner.deliver(one("b", 5, "k")).onComplete(behind::handle));
              return inner.deliver(one("b", 4, "k"));
            });
    OnLoop.wait(sink.call(Future::succeededFuture));
    OnLoop.wait(sink.call(Future::succeededFuture));
    disk.stopping = false;
    disk.goOn.release();

    Outcome fourth = OnLoop.wait(before);
    Outcome fifth = OnLoop.wait(behind.future());
    if (!fourth.equals(Outcome.stored())) {
      assertThat(sink.delivered(one("b", 4, "k"))).isEqualTo(Outcome.stored());
    }
    if (!fifth.equals(Outcome.stored())) {
      assertThat(sink.delivered(one("b", 5, "k"))).isEqualTo(Outcome.stored());
    }
    assertThat(Shelves.lines(out.resolve("b").resolve("k.log"))).endsWith("b:4", "b:5");
    sink.close();
  }

  @Test
  void whatAnErrorOfTheVirtualMachineKeptFromBeingWrittenComesAgain(Vertx vertx)
      throws IOException {
    StoppingDisk disk = new StoppingDisk();
    Path out = directory.resolve("out");
    OnLoop sink = new OnLoop(vertx, sink(out, disk, vertx));
    sink.open();
    disk.withoutMemory = true;

    Outcome failed = sink.delivered(one("a", 0, "k"));
    disk.withoutMemory = false;
    sink.delivered(one("a", 0, "k"));
    sink.delivered(one("a", 1, "k"));

    assertThat(failed).isEqualTo(Outcome.retry("cannot write: Direct buffer memory"));
    assertThat(Shelves.lines(out.resolve("a/k.log"))).containsExactly("a:0", "a:1");
    sink.close();
  }

  @Test
  void failsToOpenAndOpensAgainWhenTheVirtualMachineFails(Vertx vertx) throws IOException {
    StoppingDisk disk = new StoppingDisk();
    Path out = directory.resolve("out");
    OnLoop first = new OnLoop(vertx, sink(out, disk, vertx));
    first.open();
    first.delivered(one("a", 0, "k"));
    first.close();
    OnLoop sink = new OnLoop(vertx, sink(out, disk, vertx));
    disk.withoutMemory = true;

    assertThat(sink.opening().toCompletionStage().toCompletableFuture())
        .failsWithin(Duration.ofSeconds(10));
    disk.withoutMemory = false;

    assertThat(sink.open()).containsKey("a");
    sink.close();
  }

  private FileSink sink(Path out, Disk disk, Vertx vertx) {
    FileSinkConfig config =
        Shelves.config(
            out.resolve("{stream}/{key}.log").toString(),
            Compression.NONE,
            0,
            Optional.<Duration>empty(),
            8);
    Shelf shelf = Shelves.shelf(config, directory.resolve("m"), disk, Clock.systemUTC());
    return new FileSink("archive", Duration.ZERO, shelf, vertx);
  }

  private static Delivery one(String stream, long ordinal, String key) {
    return Deliveries.in(
        stream, ordinal, Deliveries.lines(Deliveries.JSON, List.of(key), stream + ":" + ordinal));
  }

  private static void await(Semaphore signal) {
    try {
      if (!signal.tryAcquire(20, TimeUnit.SECONDS)) {
        throw new IllegalStateException("waited in vain");
      }
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }
}
