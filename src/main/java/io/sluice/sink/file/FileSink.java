package io.sluice.sink.file;

import io.sluice.connector.Sink;
import io.sluice.event.Delivery;
import io.sluice.event.Outcome;
import io.sluice.event.Position;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The event loop's side of a file sink: hands deliveries to the sink's own thread, decides when to
 * commit, and tells the answers. Confined to the event loop that calls it; {@code inbox} and {@code
 * awake} are shared with the thread, which alone touches {@code shelf} and {@code commits}.
 */
final class FileSink implements Sink {
  /** A commit is due early when nothing came for this part of its time. */
  private static final int TICKS = 16;

  private final Vertx vertx;
  private final Shelf shelf;
  private final Commits commits;
  private final ExecutorService thread;
  private final Queue<Work> inbox = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean awake = new AtomicBoolean();

  /**
   * How often to look whether a commit is due, in milliseconds; zero when the thread sees to it.
   */
  private final long tickMillis;

  private @Nullable Context loop;
  private @Nullable Future<Map<String, Position>> opened;
  private @Nullable Future<Void> closed;
  private final Map<String, Integer> eras = new HashMap<>();
  private int waiting;
  private int cameSinceTick;
  private int ticksSinceCommit;
  private boolean ticking;

  FileSink(String name, Duration commit, Shelf shelf, Vertx vertx) {
    this.vertx = vertx;
    this.shelf = shelf;
    this.tickMillis = commit.isZero() ? 0 : Math.max(1, commit.toMillis() / TICKS);
    this.commits = new Commits(shelf, tickMillis == 0);
    // The thread itself starts with the first work.
    this.thread =
        Executors.newSingleThreadExecutor(
            work -> {
              Thread made = new Thread(work, "sluice-sink-" + name);
              made.setDaemon(true);
              return made;
            });
  }

  @Override
  public Future<Map<String, Position>> open() {
    if (closed != null) {
      return Future.failedFuture(new IllegalStateException("the file sink is closed"));
    }
    if (opened == null || opened.failed()) {
      Context here = vertx.getOrCreateContext();
      Promise<Map<String, Position>> answer = Promise.promise();
      thread.execute(
          () -> {
            try {
              Map<String, Position> positions = shelf.recover();
              here.runOnContext(now -> answer.complete(positions));
            } catch (IOException | RuntimeException | Error failure) {
              here.runOnContext(now -> answer.fail(failure));
            }
          });
      loop = here;
      opened = answer.future();
    }
    return opened;
  }

  @Override
  public Future<Outcome> deliver(Delivery delivery) {
    if (opened == null || !opened.succeeded() || closed != null) {
      return Future.succeededFuture(Outcome.retry("the file sink is not open"));
    }
    Promise<Outcome> answer = Promise.promise();
    waiting++;
    cameSinceTick++;
    int era = eras.getOrDefault(delivery.stream(), 0);
    inbox.add(new Work.Write(delivery, era, answer));
    wake();
    if (!ticking && tickMillis > 0) {
      ticking = true;
      ticksSinceCommit = 0;
      vertx.setTimer(tickMillis, this::tick);
    }
    return answer.future();
  }

  private void tick(long timer) {
    ticking = false;
    if (waiting == 0 || closed != null) {
      return;
    }
    ticksSinceCommit++;
    if (cameSinceTick == 0 || ticksSinceCommit >= TICKS) {
      ticksSinceCommit = 0;
      inbox.add(new Work.Commit());
      wake();
    }
    cameSinceTick = 0;
    ticking = true;
    vertx.setTimer(tickMillis, this::tick);
  }

  @Override
  public Future<Void> close() {
    if (closed == null) {
      if (loop == null) {
        closed = Future.succeededFuture();
      } else {
        Promise<Void> answer = Promise.promise();
        inbox.add(new Work.Close(answer));
        wake();
        closed = answer.future();
      }
      thread.shutdown();
    }
    return closed;
  }

  private void wake() {
    if (awake.compareAndSet(false, true)) {
      thread.execute(this::work);
    }
  }

  /** On the sink's thread: does all there is to do. */
  private void work() {
    awake.set(false);
    for (Work work = inbox.poll(); work != null; work = inbox.poll()) {
      if (work instanceof Work.Write write) {
        commits.write(write);
      } else if (work instanceof Work.Close close) {
        commits.close();
        tell();
        java.util.Objects.requireNonNull(loop).runOnContext(now -> close.answer().complete());
      } else {
        commits.commit();
      }
      tell();
    }
    commits.rest();
    tell();
  }

  private void tell() {
    List<Commits.Answer> answers = commits.answers();
    if (answers.isEmpty()) {
      return;
    }
    java.util.Objects.requireNonNull(loop)
        .runOnContext(
            told -> {
              waiting -= answers.size();
              answers.forEach(this::told);
            });
  }

  /** A stream's new era begins with the answer that says why, not with any before it. */
  private void told(Commits.Answer answer) {
    eras.put(answer.to().delivery().stream(), answer.era());
    answer.tell();
  }
}
