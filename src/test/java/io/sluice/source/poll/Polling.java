package io.sluice.source.poll;

import io.sluice.connector.Poll;
import io.sluice.connector.Polled;
import io.sluice.harness.Loop;
import io.vertx.core.Future;
import java.util.function.Supplier;

/** Calls a poll the way the gateway does, on one event loop; waits for answers off it. */
public final class Polling implements AutoCloseable {
  private final Loop loop;
  private final Poll poll;

  public Polling(Loop loop, Supplier<Poll> made) {
    this.loop = loop;
    this.poll = loop.call(made);
  }

  /** Polls from where the intake's cursor is, which then takes the step of the poll. */
  public Polled poll(FakeIntake into) {
    return Loop.wait(polling(into));
  }

  /** Begins to poll. */
  public Future<Polled> polling(FakeIntake into) {
    return loop.later(() -> poll.poll(into.cursor(), into))
        .onSuccess(polled -> into.step(polled.step()));
  }

  /** What a poll fails with. */
  public Throwable failure(FakeIntake into) {
    Future<Throwable> failed =
        polling(into)
            .transform(
                polled ->
                    polled.failed()
                        ? Future.succeededFuture(polled.cause())
                        : Future.failedFuture(
                            new AssertionError("succeeded with " + polled.result())));
    return Loop.wait(failed);
  }

  @Override
  public void close() {
    loop.await(poll::close);
  }
}
