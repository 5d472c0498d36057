package io.sluice.stream;

import java.util.BitSet;

/** What became of a {@link Claim}. */
sealed interface Verdict {
  /**
   * It is decided, for good.
   *
   * @param elsewhere places of events that another replica has
   * @param late places of events that this one may not have, and that nobody is known to have
   */
  record Decided(BitSet elsewhere, BitSet late) implements Verdict {
    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.decided(this);
    }
  }

  /** Nobody knows the log: it has to be taken over anew. */
  record Unknown() implements Verdict {
    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.unknown();
    }
  }

  /** Somebody else has taken the log over. */
  record Fenced() implements Verdict {
    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.fenced();
    }
  }

  /** What a reader of a verdict has to answer. */
  interface Cases<R> {
    R decided(Decided decided);

    R unknown();

    R fenced();
  }

  <R> R fold(Cases<R> cases);
}
