package io.sluice.source.http;

import io.sluice.connector.Inlet;
import io.sluice.connector.Work;
import io.vertx.core.Future;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One request's work on its body, from the moment it may begin until it is answered. Confined to
 * its exchange's event loop.
 */
final class Task {
  /** For how long a refusal counts as work of its party. */
  private static final long NO_MILLIS = 20;

  private @Nullable Work work;
  private boolean over;

  /** Asks for leave to work on so many bytes; nothing comes of it when the task was over before. */
  Future<Void> begin(Inlet inlet, String party, long bytes) {
    return inlet
        .begin(party, bytes)
        .map(
            begun -> {
              if (over) {
                begun.end();
              } else {
                work = begun;
              }
              return null;
            });
  }

  /**
   * Even saying no takes time from others; so this party is told no faster than they can bear. A
   * body that is not read fills the kernel's buffers all the same, and whoever has read the answer
   * opens the next connection and fills them again; so it counts as if it were read.
   *
   * @param gone whether the client has left meanwhile: those who leave hold up nobody
   */
  static Future<Void> toRefuse(Desk desk, String party, RequestHead head, BooleanSupplier gone) {
    return desk.inlet()
        .begin(party, unasked(head))
        .onSuccess(
            work -> {
              if (gone.getAsBoolean()) {
                work.end();
              } else {
                desk.vertx().setTimer(NO_MILLIS, later -> work.end());
              }
            })
        .mapEmpty();
  }

  /** Bytes of a body that are on their way without having been asked for. */
  private static long unasked(RequestHead head) {
    return head.expectsContinue() ? 0 : Sizes.said(head.length());
  }

  void end() {
    over = true;
    Work begun = work;
    if (begun != null) {
      work = null;
      begun.end();
    }
  }
}
