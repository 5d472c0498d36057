package io.sluice.bench;

import io.sluice.connector.Room;
import io.sluice.event.Ack;
import io.sluice.event.Batch;
import io.sluice.event.Origin;
import io.sluice.event.Receipt;
import io.sluice.flow.Answer;
import io.sluice.flow.Flow;
import io.sluice.flow.Inlets;
import io.sluice.flow.Intake;
import io.sluice.flow.Put;
import io.sluice.flow.StreamInlet;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * One hop over the event bus with its credit and its receipt: what a batch pays, alone and with
 * others of its turn.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class HopBenchmark {
  private static final int BATCHES = 1024;
  private static final long BUDGET = 64L << 20;

  /** How many batches are put within one turn of the event loop. */
  @Param({"1", "64"})
  public int together;

  private final Batch batch =
      Batch.single(
          new byte[200], new Origin("bench", Origin.ANONYMOUS, "application/json", Instant.EPOCH));
  private Vertx vertx;
  private Context sender;
  private StreamInlet inlet;

  /** Opens a receiver that answers at once, on an event loop of its own. */
  @Setup
  public void open() throws InterruptedException {
    vertx = Vertx.vertx();
    Flow.install(vertx);
    Context receiver = vertx.getOrCreateContext();
    sender = vertx.getOrCreateContext();
    CountDownLatch ready = new CountDownLatch(1);
    receiver.runOnContext(
        on ->
            Intake.<Put, Answer>open(
                vertx,
                StreamInlet.address("bench"),
                BUDGET,
                parcel ->
                    parcel.settle(
                        Answer.of(
                            new Receipt.Kept(Ack.STORED, parcel.content().batch().size(), 0)))));
    sender.runOnContext(
        on -> {
          inlet = new Inlets(vertx).open("bench");
          inlet
              .reserve(1, Duration.ofSeconds(5))
              .onSuccess(Room::release)
              .onComplete(done -> ready.countDown());
        });
    ready.await();
  }

  /** A thousand batches there and their receipts back, {@code together} at a time. */
  @Benchmark
  @OperationsPerInvocation(BATCHES)
  public void hop() throws InterruptedException {
    CountDownLatch answered = new CountDownLatch(BATCHES);
    sender.runOnContext(on -> put(BATCHES, answered));
    answered.await();
  }

  private void put(int left, CountDownLatch answered) {
    for (int i = 0; i < together; i++) {
      inlet
          .reserve(batch.weight(), Duration.ofSeconds(5))
          .compose(room -> room.put(batch, Ack.STORED))
          .onComplete(receipt -> answered.countDown());
    }
    if (left > together) {
      sender.runOnContext(on -> put(left - together, answered));
    }
  }

  /** Ends both. */
  @TearDown
  public void close() throws InterruptedException {
    CountDownLatch closed = new CountDownLatch(1);
    vertx.close().onComplete(done -> closed.countDown());
    closed.await();
  }

  /** Runs this benchmark alone. */
  public static void main(String[] args) throws RunnerException {
    new Runner(new OptionsBuilder().include(HopBenchmark.class.getSimpleName()).build()).run();
  }
}
