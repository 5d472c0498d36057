package io.sluice.lease;

import io.sluice.connector.Cursor;
import io.sluice.connector.CursorLostException;
import io.sluice.lease.Register.Head;
import io.sluice.lease.Register.Member;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How replicas and sources of a group stand in Leases.
 *
 * @param lasts how long a sign of life is valid
 * @param clock of the times in them, which are for those who look
 */
record KubernetesForm(String group, Duration lasts, Clock clock) {
  /** Kubernetes keeps 256 KiB of annotations, and the cursor may be there twice. Characters. */
  static final int LARGEST = 100 << 10;

  private static final String GROUP = "sluice.io/group";
  private static final String KIND = "sluice.io/kind";
  private static final String SOURCE = "sluice.io/source";
  private static final String CURSOR = "sluice.io/cursor";
  private static final String ASIDE = "sluice.io/cursor-aside";
  private static final String COMMITS = "sluice.io/commits";
  private static final String BEAT = "sluice.io/beat";
  private static final String ASKS = "sluice.io/asks";
  private static final String MOVES = "sluice.io/moves";

  /** Finds all Leases of the group. */
  String selector() {
    return GROUP + "=" + KubernetesNames.group(group);
  }

  /** Finds those of replicas. */
  String replicas() {
    return selector() + "," + KIND + "=replica";
  }

  String replica(String identity) {
    return KubernetesNames.replica(group, identity);
  }

  String source(String source) {
    return KubernetesNames.source(group, source);
  }

  private KubernetesLease fresh(String name, String kind, Map<String, String> annotations) {
    Map<String, String> labels =
        Map.of(
            "app.kubernetes.io/managed-by",
            "sluice",
            GROUP,
            KubernetesNames.group(group),
            KIND,
            kind);
    return KubernetesLease.create(name, labels, annotations);
  }

  /**
   * A replica's next sign of life.
   *
   * @param before its Lease, if it has one
   * @param moves how often it took or gave up a source
   */
  KubernetesLease signed(Member me, Optional<KubernetesLease> before, long moves) {
    KubernetesLease mine =
        before.orElseGet(
            () ->
                fresh(replica(me.identity()), "replica", Map.of())
                    .heldBy(me.identity(), 1, clock.instant()));
    return mine.lasting(Math.max(1, (lasts.toMillis() + 999) / 1000))
        .renewed(clock.instant())
        .annotated(BEAT, me.beat())
        .annotated(ASKS, String.join(",", me.asks()))
        .annotated(MOVES, Long.toString(moves));
  }

  /** Whose sign of life it is; empty when it is none. */
  Optional<Member> member(KubernetesLease lease) {
    String identity = lease.holder();
    if (!lease.name().equals(replica(identity))) {
      return Optional.empty();
    }
    String asks = lease.annotation(ASKS).orElse("");
    return Optional.of(
        new Member(
            identity,
            lease.annotation(BEAT).orElse(""),
            asks.isEmpty() ? List.of() : List.of(asks.split(","))));
  }

  static String moves(KubernetesLease replica) {
    return replica.annotation(MOVES).orElse("");
  }

  /** Of which source it is; empty when it is of none. */
  Optional<String> source(KubernetesLease lease) {
    return lease.annotation(SOURCE).filter(name -> lease.name().equals(source(name)));
  }

  static Head head(Optional<KubernetesLease> source) {
    return source.map(lease -> new Head(lease.holder(), lease.transitions())).orElse(Head.NONE);
  }

  /** A source's Lease with another holder, who has committed nothing yet. */
  KubernetesLease taken(String source, Optional<KubernetesLease> before, String holder, long term) {
    return before
        .orElseGet(() -> fresh(source(source), "source", Map.of(SOURCE, source)))
        .heldBy(holder, term, clock.instant())
        .renewed(clock.instant())
        .annotated(COMMITS, "0");
  }

  /** The number of the latest commit. */
  static long commits(KubernetesLease source) {
    String kept = source.annotation(COMMITS).orElse("");
    return kept.matches("\\d{1,18}") ? Long.parseLong(kept) : -1;
  }

  static String encoded(CursorRecord record) {
    return Base64.getEncoder().encodeToString(record.encode());
  }

  KubernetesLease committed(KubernetesLease source, long number, String cursor) {
    return source
        .renewed(clock.instant())
        .annotated(COMMITS, Long.toString(number))
        .annotated(CURSOR, cursor);
  }

  static KubernetesLease reset(KubernetesLease source) {
    return source.renamed(CURSOR, ASIDE);
  }

  /** Where a source is. */
  static Cursor cursor(String source, KubernetesLease lease) throws CursorLostException {
    Optional<String> kept = lease.annotation(CURSOR);
    if (kept.isEmpty()) {
      return Cursor.START;
    }
    String what = "the cursor of " + source + " in the Lease " + lease.name();
    byte[] content;
    try {
      content = Base64.getDecoder().decode(kept.get());
    } catch (IllegalArgumentException e) {
      throw new CursorLostException(what + " is damaged: it is no Base64", e);
    }
    return CursorRecord.decode(content, what).cursor();
  }
}
