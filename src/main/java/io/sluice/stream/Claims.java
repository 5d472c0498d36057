package io.sluice.stream;

import io.sluice.event.Batch;
import io.sluice.event.Sequence;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes {@link Claim}s of what is in the log. Confined to the stream's event loop. */
final class Claims {
  /** How many keys are asked for at once. */
  private static final int MOST = 5_000;

  private static final int LEAST = 50;

  private final Sharing sharing;
  private int most = MOST;
  private @Nullable EventKey key;

  Claims(Sharing sharing) {
    this.sharing = sharing;
  }

  /** Whether clients' sessions are asked for. */
  boolean sessions() {
    return sharing.sessions();
  }

  /** Takes the hash that all replicas have. */
  void hash(Standing standing) {
    key =
        sharing
            .dedupe()
            .map(dedupe -> new EventKey(dedupe.by(), standing.hash(dedupe.by())))
            .orElse(null);
  }

  /** The keys of a batch's events that are asked for; places counted within it. */
  List<Claim.Keyed> keys(Batch batch) {
    EventKey found = key;
    if (found == null) {
      return List.of();
    }
    List<Claim.Keyed> keys = new ArrayList<>(batch.size());
    for (int i = 0; i < batch.size(); i++) {
      if (found.of(batch, i)) {
        keys.add(
            new Claim.Keyed(
                new UUID(found.hash().high(), found.hash().low()), i, Memory.used(batch)));
      }
    }
    return keys;
  }

  /** Whether there is anything to ask for. */
  boolean asks(Waiting waiting) {
    return !waiting.keys().isEmpty() || numbered(waiting.batch());
  }

  /** Whether there is anything to ask for, or may be: keys are known once the hash is. */
  boolean asks(Batch batch) {
    return numbered(batch)
        || (sharing.dedupe().isPresent() && key == null)
        || !keys(batch).isEmpty();
  }

  private boolean numbered(Batch batch) {
    return sharing.sessions() && batch.sequence().isPresent();
  }

  /** An answer did not come: perhaps it was too much at once. */
  void fewer() {
    most = Math.max(LEAST, most / 2);
  }

  /** An answer came. */
  void more() {
    most = Math.min(MOST, most * 2);
  }

  /** As many as are asked for at once; at least one. They stay in the queue. */
  List<Waiting> group(ArrayDeque<Waiting> queue) {
    List<Waiting> group = new ArrayList<>();
    int asked = 0;
    for (Waiting each : queue) {
      asked += each.keys().size() + 1;
      if (!group.isEmpty() && asked > most) {
        break;
      }
      group.add(each);
    }
    return group;
  }

  /**
   * Asks for a group.
   *
   * @param memory knows how far sessions are
   * @param remembered what is before this ordinal is remembered by the log
   */
  Claim of(List<Waiting> group, Memory memory, long remembered) {
    long from = group.get(0).first().ordinal();
    List<Claim.Numbered> numbered = new ArrayList<>();
    List<Claim.Keyed> keyed = new ArrayList<>();
    for (Waiting each : group) {
      int place = (int) (each.first().ordinal() - from);
      Batch batch = each.batch();
      if (numbered(batch)) {
        Sequence of = batch.sequence().orElseThrow();
        numbered.add(
            new Claim.Numbered(
                of.session(),
                of.first(),
                of.last(),
                memory.at(of.session()),
                place,
                batch.size(),
                Memory.used(batch)));
      }
      for (Claim.Keyed one : each.keys()) {
        keyed.add(new Claim.Keyed(one.key(), place + one.place(), one.received()));
      }
    }
    long to = group.get(group.size() - 1).next().ordinal();
    return new Claim(from, to, Math.min(from, remembered), numbered, keyed);
  }
}
