package io.sluice.source.http;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The answers of one source by principal and {@code Idempotency-Key}, in memory, bounded in number
 * and time.
 *
 * <p>Methods may be called on any event loop; the answers belong to one of them, so a request with
 * a key pays for a message there and back. Requests that are still running are never forgotten.
 */
final class Idempotency {
  private final Context home;
  private final long window;
  private final int maxKeys;
  private final LongSupplier nanos;
  private final Map<Id, Entry> entries = new LinkedHashMap<>();

  /** Who sent what key. */
  record Id(String principal, String key) {}

  /** What is to be done with a request that has a key. */
  enum Verdict {
    /** It is the first; the caller has to {@link #answered} or {@link #forget} it. */
    FIRST,
    /** The first was answered; this gets the same answer. */
    REPEATED,
    /** The first is not answered yet. */
    RUNNING,
    /** The first had another body. */
    REUSED
  }

  /** A verdict, with the first answer where there is one. */
  record Ruling(Verdict verdict, @Nullable Success answer) {}

  private record Entry(String fingerprint, long since, @Nullable Success answer) {}

  Idempotency(Vertx vertx, IdempotencyConfig config) {
    this(vertx, config, System::nanoTime);
  }

  Idempotency(Vertx vertx, IdempotencyConfig config, LongSupplier nanos) {
    this.home = vertx.getOrCreateContext();
    this.window = config.window().toNanos();
    this.maxKeys = config.maxKeys();
    this.nanos = nanos;
  }

  /**
   * Asks for a ruling.
   *
   * @param fingerprint the same for the same body, another for another
   * @param caller where the answer is wanted
   */
  Future<Ruling> begin(Id id, String fingerprint, Context caller) {
    Promise<Ruling> ruled = Promise.promise();
    home.runOnContext(
        here -> {
          Ruling ruling = rule(id, fingerprint);
          caller.runOnContext(there -> ruled.complete(ruling));
        });
    return ruled.future();
  }

  private Ruling rule(Id id, String fingerprint) {
    long now = nanos.getAsLong();
    expire(now);
    Entry first = entries.get(id);
    if (first == null) {
      entries.put(id, new Entry(fingerprint, now, null));
      return new Ruling(Verdict.FIRST, null);
    }
    if (!first.fingerprint.equals(fingerprint)) {
      return new Ruling(Verdict.REUSED, null);
    }
    return first.answer == null
        ? new Ruling(Verdict.RUNNING, null)
        : new Ruling(Verdict.REPEATED, first.answer);
  }

  /** Remembers the answer to the first request. */
  void answered(Id id, Success answer) {
    home.runOnContext(
        here ->
            entries.computeIfPresent(
                id, (same, first) -> new Entry(first.fingerprint, first.since, answer)));
  }

  /** The first request came to nothing, so the next is the first. */
  void forget(Id id) {
    home.runOnContext(here -> entries.remove(id));
  }

  private void expire(long now) {
    int surplus = entries.size() - maxKeys + 1;
    Iterator<Entry> oldest = entries.values().iterator();
    while (oldest.hasNext()) {
      Entry entry = oldest.next();
      if (entry.answer == null) {
        continue;
      }
      if (surplus <= 0 && now - entry.since < window) {
        return;
      }
      oldest.remove();
      surplus--;
    }
  }
}
