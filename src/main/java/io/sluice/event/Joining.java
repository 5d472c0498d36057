package io.sluice.event;

import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes one batch of several. */
final class Joining {
  private Joining() {}

  /** What stays of a batch, as few pieces, of no session. */
  static List<Batch> runs(Batch batch, BitSet left) {
    List<Batch> runs = new ArrayList<>();
    for (int from = left.nextClearBit(0); from < batch.size(); ) {
      int next = left.nextSetBit(from);
      int to = next < 0 ? batch.size() : Math.min(next, batch.size());
      runs.add(batch.slice(from, to));
      from = left.nextClearBit(to);
    }
    return runs;
  }

  /** The whole range, when each batch goes on where the one before ended. */
  private static Optional<Sequence> sequence(List<Batch> batches) {
    Optional<Sequence> first = batches.get(0).sequence();
    Optional<Sequence> last = first;
    for (Batch batch : batches.subList(1, batches.size())) {
      Optional<Sequence> before = last;
      last = batch.sequence().filter(next -> before.map(is -> is.leadsTo(next)).orElse(false));
    }
    return last.flatMap(
        end -> first.map(start -> new Sequence(start.session(), start.first(), end.last())));
  }

  static Batch of(List<Batch> batches) {
    if (batches.size() == 1) {
      return batches.get(0);
    }
    int bytes = 0;
    int size = 0;
    boolean lines = true;
    boolean columns = false;
    for (Batch batch : batches) {
      bytes = Math.addExact(bytes, batch.bytes());
      size += batch.size();
      lines &= batch.lines();
      columns |= !batch.columns().isEmpty();
    }
    byte[] region = new byte[bytes];
    int[] bounds = new int[2 * size];
    int at = 0;
    int bound = 0;
    for (Batch batch : batches) {
      int shift = at - batch.from();
      System.arraycopy(batch.region(), batch.from(), region, at, batch.bytes());
      for (int i = 0; i < batch.size(); i++) {
        bounds[bound++] = batch.start(i) + shift;
        bounds[bound++] = batch.end(i) + shift;
      }
      at += batch.bytes();
    }
    Batch whole =
        Batch.of(
            region,
            bounds,
            lines,
            batches.get(0).origin(),
            columns ? columns(batches) : Columns.NONE);
    return sequence(batches).map(whole::numbered).orElse(whole);
  }

  private static Columns columns(List<Batch> batches) {
    return new Columns(
        Joining.<@Nullable String>column(batches, Columns::ids, null),
        Joining.<@Nullable String>column(batches, Columns::keys, null),
        Joining.<@Nullable Instant>column(batches, Columns::times, null),
        Joining.<Map<String, String>>column(batches, Columns::attributes, Map.of()));
  }

  /** One column of all batches; where only some have it, the others' events get {@code absent}. */
  private static <T extends @Nullable Object> List<T> column(
      List<Batch> batches, Function<Columns, List<T>> of, @Nullable T absent) {
    List<T> all = new ArrayList<>();
    boolean any = false;
    for (Batch batch : batches) {
      List<T> column = of.apply(batch.columns());
      any |= !column.isEmpty();
      for (int i = 0; i < batch.size(); i++) {
        all.add(column.isEmpty() ? absent : column.get(i));
      }
    }
    return any ? java.util.Collections.unmodifiableList(all) : List.of();
  }
}
