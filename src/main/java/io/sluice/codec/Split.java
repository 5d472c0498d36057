package io.sluice.codec;

import io.sluice.event.Batch;
import java.util.List;

/** What splitting a body came to. */
public sealed interface Split {
  /**
   * Events to take.
   *
   * @param batch the valid ones
   * @param rejected the others, in order; empty unless handling is lenient
   * @param blank how many blank lines were skipped
   */
  record Taken(Batch batch, List<Fault> rejected, int blank) implements Split {
    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.taken(this);
    }
  }

  /**
   * Nothing is wrong, but there is no event: an empty array, a body of nothing or of blank lines.
   *
   * @param blank how many blank lines were skipped
   */
  record Nothing(int blank) implements Split {
    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.nothing(this);
    }
  }

  /**
   * No event of this body may be taken.
   *
   * @param faults what is wrong, in order; at least one, at most {@link Limits#maxFaults}
   * @param more whether the body was given up with some of it unseen
   */
  record Refused(List<Fault> faults, boolean more) implements Split {
    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.refused(this);
    }
  }

  /** What to do in each case. */
  interface Cases<R> {
    R taken(Taken split);

    R nothing(Nothing split);

    R refused(Refused split);
  }

  <R> R fold(Cases<R> cases);
}
