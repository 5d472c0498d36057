package io.sluice.sink.console;

import io.sluice.codec.LineFormat;
import io.sluice.connector.Sink;
import io.sluice.event.Batch;
import io.sluice.event.Delivery;
import io.sluice.event.Outcome;
import io.sluice.event.Position;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/**
 * Prints each delivery in one write. Confined to the event loop that calls it; the printing, which
 * blocks when nobody reads the other end, happens on a thread of the sink's own.
 */
final class ConsoleSink implements Sink {
  private final LineFormat format;
  private final OutputStream out;
  private final Vertx vertx;
  private final ExecutorService printer;

  ConsoleSink(String name, LineFormat format, OutputStream out, Vertx vertx) {
    this.format = format;
    this.out = out;
    this.vertx = vertx;
    // The thread itself starts with the first delivery.
    this.printer =
        Executors.newSingleThreadExecutor(
            work -> {
              Thread thread = new Thread(work, "sluice-sink-" + name);
              thread.setDaemon(true);
              return thread;
            });
  }

  @Override
  public Future<Map<String, Position>> open() {
    return Future.succeededFuture(Map.of());
  }

  @Override
  public Future<Outcome> deliver(Delivery delivery) {
    Context loop = vertx.getOrCreateContext();
    Promise<Outcome> answer = Promise.promise();
    try {
      printer.execute(
          () -> {
            Outcome outcome = print(delivery);
            loop.runOnContext(now -> answer.complete(outcome));
          });
    } catch (RejectedExecutionException closed) {
      return Future.succeededFuture(Outcome.retry("the console sink is closed"));
    }
    return answer.future();
  }

  private Outcome print(Delivery delivery) {
    try {
      ByteArrayOutputStream lines = new ByteArrayOutputStream((int) delivery.weight());
      Position first = delivery.first();
      for (Batch batch : delivery.batches()) {
        format.write(delivery.stream(), first, batch, 0, batch.size(), lines);
        first = first.plus(batch.size());
      }
      // Sinks that share a console each have a thread: a delivery's lines stay together.
      synchronized (out) {
        lines.writeTo(out);
        out.flush();
      }
      return Outcome.stored();
    } catch (IOException | RuntimeException | Error failed) {
      return Outcome.retry("cannot print: " + failed.getMessage());
    }
  }

  @Override
  public Future<Void> close() {
    Context loop = vertx.getOrCreateContext();
    Promise<Void> printed = Promise.promise();
    try {
      printer.execute(() -> loop.runOnContext(now -> printed.complete()));
    } catch (RejectedExecutionException closedBefore) {
      return Future.succeededFuture();
    }
    printer.shutdown();
    return printed.future();
  }
}
