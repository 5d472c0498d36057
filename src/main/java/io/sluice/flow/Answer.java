package io.sluice.flow;

import io.sluice.event.Receipt;
import java.util.BitSet;

/**
 * What a stream answers for a batch: the receipt for all of it, and which of its events were left
 * out as duplicates, so that the receipt can be divided among those whose events were joined.
 * Immutable.
 */
public final class Answer {
  private static final BitSet NONE = new BitSet(0);

  private final Receipt receipt;
  private final BitSet duplicates;

  private Answer(Receipt receipt, BitSet duplicates) {
    this.receipt = receipt;
    this.duplicates = duplicates;
  }

  /** Without duplicates. */
  public static Answer of(Receipt receipt) {
    return new Answer(receipt, NONE);
  }

  /**
   * With duplicates.
   *
   * @param duplicates their places in the batch; given away
   */
  public static Answer of(Receipt receipt, BitSet duplicates) {
    return new Answer(receipt, duplicates);
  }

  /** The receipt for the whole batch. */
  public Receipt receipt() {
    return receipt;
  }

  /** The receipt for its events from {@code from} to before {@code to}. */
  Receipt share(int from, int to) {
    return receipt instanceof Receipt.Kept kept ? kept(kept, from, to) : receipt;
  }

  private Receipt kept(Receipt.Kept whole, int from, int to) {
    int repeated = duplicates.isEmpty() ? 0 : duplicates.get(from, to).cardinality();
    return new Receipt.Kept(whole.ack(), to - from - repeated, repeated);
  }
}
