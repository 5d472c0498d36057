package io.sluice.source.http;

import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * One request's part in its source's {@link Idempotency}; does nothing for a request without a key.
 * Confined to its exchange's event loop.
 */
final class Once {
  private final Desk desk;
  private final RequestHead head;
  private Idempotency.@Nullable Id first;

  Once(Desk desk, RequestHead head) {
    this.desk = desk;
    this.head = head;
  }

  /** Whether the request has a key, or its signature something like it. */
  boolean wanted() {
    return !head.key().isEmpty() || !head.sender().once().isEmpty();
  }

  /** Asks whether this is the first with its key and body. */
  Future<Idempotency.Ruling> ask(byte[] body, int size) {
    String signed = head.sender().once();
    // A line break never stands in a header: nobody can send a key that looks like a signed one.
    String key = signed.isEmpty() ? head.key() : "signed\n" + signed;
    Idempotency.Id id = new Idempotency.Id(head.sender().principal(), key);
    String print = Fingerprints.of(head.mediaType().eventType(), body, size);
    return desk.idempotency()
        .begin(id, print, desk.loop())
        .onSuccess(
            ruling -> {
              if (ruling.verdict() == Idempotency.Verdict.FIRST) {
                first = id;
              }
            });
  }

  /** The answer to give to repetitions. */
  void answered(Success success) {
    if (first != null) {
      desk.idempotency().answered(first, success);
      first = null;
    }
  }

  /** Nothing is kept of the request: a repetition is as good as it. */
  void forget() {
    if (first != null) {
      desk.idempotency().forget(first);
      first = null;
    }
  }
}
