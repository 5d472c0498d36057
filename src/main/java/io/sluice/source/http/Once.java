package io.sluice.source.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.TreeMap;
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
    MediaType type = head.mediaType();
    String shape = type.shape() + " " + type.eventType() + " " + attributes();
    Promise<String> print = Promise.promise();
    new Aside(desk.vertx())
        .run(size, () -> Fingerprints.of(shape, body, size), print::complete, print::fail);
    return print
        .future()
        .compose(made -> desk.idempotency().begin(id, made, desk.loop()))
        .onSuccess(
            ruling -> {
              if (ruling.verdict() == Idempotency.Verdict.FIRST) {
                first = id;
              }
            });
  }

  /** What the head says of the event, in an order that is always the same. */
  private String attributes() {
    return head.binary()
        .map(all -> all.ids() + " " + all.times() + " " + new TreeMap<>(all.attributes().get(0)))
        .orElse("");
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
