package io.sluice.journal;

import io.sluice.event.Refusal;
import java.io.IOException;
import java.util.List;

/**
 * Hears what became of appended batches, each exactly once and in order.
 *
 * <p>Called on the journal's writer thread, one call a commit group; implementors hop to their own
 * loop and return at once. (Only a batch appended after the journal was shut down is refused on the
 * thread that appended it.)
 */
public interface Commits {
  /** The group can be read now and is forced as far as the options' {@link Sync} says. */
  void committed(List<Appended> group);

  /** Nothing of the group was kept. The journal keeps running; a later append may be taken. */
  void refused(List<Appended> group, Refusal why);

  /**
   * The disk failed and what it holds is unknown until the journal is opened anew. Terminal: never
   * retried, every later append is refused with {@link Refusal#JOURNAL_FAILED}. The group may be
   * empty.
   */
  void failed(List<Appended> group, IOException cause);

  /**
   * The disk was asked to keep what it has, and did; told before the groups it was asked for are.
   *
   * @param nanos how long that took; nanoseconds
   */
  default void forced(long nanos) {}
}
