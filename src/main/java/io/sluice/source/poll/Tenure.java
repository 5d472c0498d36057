package io.sluice.source.poll;

import io.sluice.connector.CursorLostException;
import io.sluice.connector.Lease;
import io.sluice.connector.LeaseStore;
import io.sluice.connector.PollSettings.CursorLoss;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to poll a source: seeks its lease until it has it, and again when that was lost.
 * Confined to the event loop of the source.
 */
final class Tenure {
  private static final Logger LOG = LoggerFactory.getLogger(Tenure.class);

  private final String source;
  private final CursorLoss onCursorLoss;
  private final LeaseStore store;
  private final Timers timers;
  private final Consumer<Lease> held;
  private final Runnable gone;
  private final Runnable wanted;
  private final Runnable changed;
  private @Nullable Lease lease;
  private @Nullable Long timer;
  private @Nullable String trouble;
  private boolean seeking;
  private boolean halted;
  private boolean closed;

  /**
   * Not sought yet.
   *
   * @param held called with the lease
   * @param gone called when it was lost
   * @param wanted called when somebody else should have it, who waits for {@link #handOver}
   * @param changed called when something else is to be told of it
   */
  Tenure(
      String source,
      CursorLoss onCursorLoss,
      LeaseStore store,
      Timers timers,
      Consumer<Lease> held,
      Runnable gone,
      Runnable wanted,
      Runnable changed) {
    this.source = source;
    this.onCursorLoss = onCursorLoss;
    this.store = store;
    this.timers = timers;
    this.held = held;
    this.gone = gone;
    this.wanted = wanted;
    this.changed = changed;
  }

  /** Seeks the lease, unless it is held or sought; also when the cursor had been lost. */
  void seek() {
    if (closed || seeking || lease != null || timer != null) {
      return;
    }
    seeking = true;
    halted = false;
    store.acquire(source).onComplete(this::answered);
  }

  private void answered(AsyncResult<Optional<Lease>> answer) {
    seeking = false;
    if (answer.failed()) {
      failed(answer.cause());
    } else if (answer.result().isEmpty()) {
      trouble = null;
      later();
    } else if (closed) {
      answer.result().get().release();
    } else {
      hold(answer.result().get());
    }
    changed.run();
  }

  private void hold(Lease mine) {
    lease = mine;
    if (trouble != null) {
      LOG.atInfo().addKeyValue("source", source).log("the cursor can be read again");
    }
    trouble = null;
    mine.lost().onSuccess(lost -> lost(mine));
    mine.wanted()
        .onSuccess(
            asked -> {
              if (lease == mine) {
                wanted.run();
              }
            });
    held.accept(mine);
  }

  /** Somebody else has it. */
  void lost() {
    if (lease != null) {
      lost(lease);
    }
  }

  private void lost(Lease which) {
    if (lease != which) {
      return;
    }
    lease = null;
    LOG.atWarn()
        .addKeyValue("source", source)
        .addKeyValue("term", which.term())
        .log("lease lost, somebody else may poll now");
    which.release();
    gone.run();
    later();
  }

  /** Lets somebody else have it, and seeks it again. */
  void handOver() {
    Lease mine = lease;
    if (mine == null) {
      return;
    }
    lease = null;
    LOG.atInfo()
        .addKeyValue("source", source)
        .addKeyValue("term", mine.term())
        .log("lease handed over");
    mine.release().onComplete(released -> later());
  }

  private void failed(Throwable cause) {
    if (cause instanceof CursorLostException) {
      cursorLost(cause.getMessage());
      return;
    }
    if (trouble == null) {
      LOG.atWarn()
          .addKeyValue("source", source)
          .addKeyValue("why", cause)
          .log("the cursor cannot be read");
    }
    trouble = "the cursor cannot be read: " + cause.getMessage();
    later();
  }

  private void cursorLost(@Nullable String why) {
    if (onCursorLoss == CursorLoss.RESET) {
      LOG.atWarn()
          .addKeyValue("source", source)
          .addKeyValue("why", why)
          .log("the cursor is lost, everything is read again");
      seeking = true;
      store
          .reset(source)
          .onComplete(
              reset -> {
                seeking = false;
                if (reset.succeeded()) {
                  seek();
                } else {
                  failed(new IOException(reset.cause()));
                }
              });
      return;
    }
    halted = true;
    trouble =
        "the cursor is lost: "
            + why
            + "; restore the file from a backup, or move it away to read everything again, and"
            + " resume the source";
    LOG.atError()
        .addKeyValue("source", source)
        .addKeyValue("why", why)
        .log(
            "the cursor is lost and the source stands: restore the file from a backup, or move it"
                + " away to read everything again, and resume the source");
  }

  private void later() {
    if (!closed && timer == null) {
      timer =
          timers.after(
              store.again(),
              () -> {
                timer = null;
                seek();
              });
    }
  }

  /** Whether it stands until somebody decides about a lost cursor. */
  boolean halted() {
    return halted;
  }

  /** What keeps it from the lease, one sentence; empty when somebody else has it, too. */
  Optional<String> trouble() {
    return Optional.ofNullable(trouble);
  }

  /** Lets somebody else have it, and seeks it no more. */
  Future<Void> close() {
    closed = true;
    if (timer != null) {
      timers.cancel(timer);
      timer = null;
    }
    Lease mine = lease;
    lease = null;
    return mine == null ? Future.succeededFuture() : mine.release();
  }
}
