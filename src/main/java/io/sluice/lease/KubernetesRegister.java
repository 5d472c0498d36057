package io.sluice.lease;

import io.sluice.connector.Cursor;
import io.sluice.connector.CursorLostException;
import io.sluice.connector.LeaseLostException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The register in Leases of the Kubernetes API: one for each replica, its sign of life, and one for
 * each source, with holder, term ({@code leaseTransitions}) and, in annotations, the cursor. A
 * write names the version it replaces, and is refused when that is there no more. Times in them are
 * for those who look; nothing depends on a clock.
 *
 * <p>A sign of life costs two requests, however many sources there are: replicas say in it that
 * they took or gave up something, and only then, and every 15 s, all Leases are listed. Its state
 * is confined to one event loop.
 */
final class KubernetesRegister implements Register {
  private static final long LIST_ALL = Duration.ofSeconds(15).toNanos();
  private static final int TRIES = 3;

  private final KubernetesLeases leases;
  private final KubernetesForm form;
  private final Vertx vertx;
  private final Context home;

  /** As they were when last seen: by source, and by identity. */
  private final Map<String, KubernetesLease> sources = new HashMap<>();

  private Map<String, KubernetesLease> members = new HashMap<>();

  /** When a source was last written, in writes. */
  private final Map<String, Long> touched = new HashMap<>();

  private long writes;

  /** How often a lease was taken or given up here; what others said of that when all was listed. */
  private long moves;

  private Map<String, String> others = Map.of();
  private boolean stale = true;
  private long listed;

  /** The leases of a group of replicas. */
  KubernetesRegister(Vertx vertx, KubernetesLeases leases, KubernetesForm form) {
    this.vertx = vertx;
    this.leases = leases;
    this.form = form;
    this.home = vertx.getOrCreateContext();
  }

  private <T> Future<T> there(Supplier<Future<T>> what) {
    Context here = vertx.getOrCreateContext();
    Promise<T> answer = Promise.promise();
    home.runOnContext(
        go -> what.get().onComplete(done -> here.runOnContext(back -> answer.handle(done))));
    return answer.future();
  }

  @Override
  public Future<Snapshot> beat(Member me) {
    return there(() -> sign(me).compose(signed -> look(me)));
  }

  private Future<Void> sign(Member me) {
    String name = form.replica(me.identity());
    return leases
        .write(form.signed(me, Optional.ofNullable(members.get(me.identity())), moves), true)
        .compose(
            done ->
                done.isPresent()
                    ? Future.succeededFuture(done)
                    // Struck out by somebody, or an answer was lost.
                    : leases
                        .get(name, true)
                        .compose(there -> leases.write(form.signed(me, there, moves), true)))
        .compose(
            done -> {
              if (done.isEmpty()) {
                return Future.failedFuture(
                    new IOException("the Lease " + name + " keeps changing"));
              }
              members.put(me.identity(), done.get());
              return Future.succeededFuture();
            });
  }

  private Future<Snapshot> look(Member me) {
    boolean all = stale || System.nanoTime() - listed >= LIST_ALL;
    return list(me, all)
        .compose(moved -> moved && !all ? list(me, true) : Future.succeededFuture(moved))
        .map(done -> snapshot());
  }

  /** Whether others took or gave up something since all was listed. */
  private Future<Boolean> list(Member me, boolean all) {
    long begun = System.nanoTime();
    long before = writes;
    if (all) {
      stale = false;
    }
    return leases
        .list(all ? form.selector() : form.replicas())
        .onFailure(failure -> stale |= all)
        .map(
            found -> {
              saw(found);
              Map<String, String> said = new HashMap<>();
              members.forEach((identity, lease) -> said.put(identity, KubernetesForm.moves(lease)));
              said.remove(me.identity());
              boolean moved = !said.equals(others);
              if (all) {
                others = said;
                listed = begun;
                saw(found, before);
              }
              return moved;
            });
  }

  private void saw(List<KubernetesLease> found) {
    Map<String, KubernetesLease> there = new HashMap<>();
    found.forEach(
        lease -> form.member(lease).ifPresent(member -> there.put(member.identity(), lease)));
    members = there;
  }

  /** What was written meanwhile is known better. */
  private void saw(List<KubernetesLease> found, long before) {
    sources.keySet().removeIf(source -> touched.getOrDefault(source, 0L) <= before);
    found.forEach(
        lease -> form.source(lease).ifPresent(source -> sources.putIfAbsent(source, lease)));
    touched.values().removeIf(when -> when <= before);
  }

  private Snapshot snapshot() {
    Map<String, Head> heads = new HashMap<>();
    sources.forEach((source, lease) -> heads.put(source, KubernetesForm.head(Optional.of(lease))));
    return new Snapshot(
        members.values().stream().flatMap(lease -> form.member(lease).stream()).toList(), heads);
  }

  @Override
  public Future<Void> strike(Member member) {
    return there(
        () -> {
          KubernetesLease lease = members.get(member.identity());
          return lease != null
                  && form.member(lease)
                      .filter(there -> there.beat().equals(member.beat()))
                      .isPresent()
              ? leases.delete(lease)
              : Future.succeededFuture();
        });
  }

  /**
   * What is to become of a source's Lease.
   *
   * @param write what it shall be; null when it shall stay
   * @param result once that is done
   */
  private record Change<T>(@Nullable KubernetesLease write, Future<T> result) {
    static <T> Change<T> none(T result) {
      return new Change<>(null, Future.succeededFuture(result));
    }

    static <T> Change<T> refused(Throwable why) {
      return new Change<>(null, Future.failedFuture(why));
    }
  }

  /** Decides upon what is known; if nothing can be done then, upon what is there now. */
  private <T> Future<T> change(
      String source, Function<Optional<KubernetesLease>, Change<T>> decide) {
    return there(
        () -> {
          Change<T> first = decide.apply(Optional.ofNullable(sources.get(source)));
          return first.write() == null
              ? changeFresh(source, decide, TRIES)
              : write(source, first, decide, TRIES);
        });
  }

  private <T> Future<T> changeFresh(
      String source, Function<Optional<KubernetesLease>, Change<T>> decide, int tries) {
    return leases
        .get(form.source(source), false)
        .compose(
            there -> {
              remember(source, there);
              Change<T> change = decide.apply(there);
              return change.write() == null
                  ? change.result()
                  : write(source, change, decide, tries);
            });
  }

  private <T> Future<T> write(
      String source,
      Change<T> change,
      Function<Optional<KubernetesLease>, Change<T>> decide,
      int tries) {
    KubernetesLease wanted = change.write();
    if (wanted == null || tries == 0) {
      return Future.failedFuture(new IOException("the Lease of " + source + " keeps changing"));
    }
    Head before = KubernetesForm.head(Optional.ofNullable(sources.get(source)));
    return leases
        .write(wanted, false)
        .onFailure(
            unknown -> {
              remember(source, Optional.empty());
              moves++;
              stale = true;
            })
        .compose(
            done -> {
              if (done.isEmpty()) {
                return changeFresh(source, decide, tries - 1);
              }
              remember(source, done);
              if (!KubernetesForm.head(done).equals(before)) {
                moves++;
              }
              return change.result();
            });
  }

  private void remember(String source, Optional<KubernetesLease> lease) {
    touched.put(source, ++writes);
    lease.ifPresentOrElse(there -> sources.put(source, there), () -> sources.remove(source));
  }

  @Override
  public Future<Optional<Taken>> take(String source, Head expected, String holder) {
    return change(
        source,
        there -> {
          if (!KubernetesForm.head(there).equals(expected)) {
            return Change.none(Optional.empty());
          }
          long term = expected.term() + 1;
          return new Change<>(
              form.taken(source, there, holder, term),
              cursor(source, there).map(cursor -> Optional.of(new Taken(term, cursor))));
        });
  }

  private static Future<Cursor> cursor(String source, Optional<KubernetesLease> lease) {
    try {
      return Future.succeededFuture(
          lease.isPresent() ? KubernetesForm.cursor(source, lease.get()) : Cursor.START);
    } catch (CursorLostException lost) {
      return Future.failedFuture(lost);
    }
  }

  @Override
  public Future<Void> commit(String source, Head head, long number, Cursor cursor) {
    String content = KubernetesForm.encoded(new CursorRecord(head.term(), cursor));
    if (content.length() > KubernetesForm.LARGEST) {
      return Future.failedFuture(
          new IOException(
              "the cursor of "
                  + source
                  + " takes "
                  + content.length()
                  + " characters, and a Lease keeps "
                  + KubernetesForm.LARGEST));
    }
    return change(
        source,
        there -> {
          if (there.isEmpty() || !KubernetesForm.head(there).equals(head)) {
            return Change.refused(
                new LeaseLostException("the lease of " + source + " is somebody else's by now"));
          }
          long last = KubernetesForm.commits(there.get());
          if (last >= number) {
            return last == number
                ? new Change<>(null, Future.succeededFuture())
                : Change.refused(new IOException("a later cursor of " + source + " is there"));
          }
          return new Change<>(
              form.committed(there.get(), number, content), Future.succeededFuture());
        });
  }

  @Override
  public Future<Void> release(String source, Head head) {
    return change(
        source,
        there ->
            new Change<>(
                there
                    .filter(lease -> KubernetesForm.head(there).equals(head))
                    .map(KubernetesLease::freed)
                    .orElse(null),
                Future.succeededFuture()));
  }

  @Override
  public Future<Void> reset(String source) {
    return change(
        source,
        there ->
            new Change<>(there.map(KubernetesForm::reset).orElse(null), Future.succeededFuture()));
  }
}
