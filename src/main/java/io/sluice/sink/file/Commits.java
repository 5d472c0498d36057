package io.sluice.sink.file;

import io.sluice.event.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes deliveries and answers them in groups, once they are committed. Confined to the sink's
 * thread.
 *
 * <p>A failure fails everything that is not committed, and begins a new era for each stream that
 * had some: what was handed over before the other side heard of it has to be handed over again, or
 * later events would be written before earlier ones. So does a refusal for its stream, as its good
 * events are still to come. Other streams are not concerned. An error of the virtual machine, such
 * as no memory outside the heap, is a failure as those of the disk are.
 */
final class Commits {
  private static final long MOST_BYTES = 8 << 20;
  private static final int MOST_DELIVERIES = 4096;

  private final Shelf shelf;

  /** Whether to commit whenever there is nothing else to do. */
  private final boolean eager;

  private final List<Work.Write> written = new ArrayList<>();
  private final Map<String, Integer> eras = new HashMap<>();
  private List<Answer> answers = new ArrayList<>();
  private boolean broken;

  /**
   * An outcome that waits to be told.
   *
   * @param era what the stream's deliveries are to say from then on
   */
  record Answer(Work.Write to, Outcome outcome, int era) {
    void tell() {
      to.answer().complete(outcome);
    }
  }

  Commits(Shelf shelf, boolean eager) {
    this.shelf = shelf;
    this.eager = eager;
  }

  void write(Work.Write work) {
    String stream = work.delivery().stream();
    if (work.era() != era(stream)) {
      answer(work, Outcome.retry("earlier events have to be written first"));
      return;
    }
    try {
      if (broken) {
        shelf.recover();
        broken = false;
      }
      shelf.write(work.delivery());
      written.add(work);
    } catch (UnfitPathException unfit) {
      eras.merge(stream, 1, Integer::sum);
      answer(work, Outcome.refused(String.valueOf(unfit.getMessage())));
    } catch (IOException | RuntimeException | Error failure) {
      written.add(work);
      fail(failure);
    }
    if (shelf.uncommitted() >= MOST_BYTES || written.size() >= MOST_DELIVERIES) {
      commit();
    }
  }

  void commit() {
    try {
      if (!broken) {
        shelf.commit();
        written.forEach(to -> answer(to, Outcome.stored()));
        written.clear();
      }
    } catch (IOException | RuntimeException | Error failure) {
      fail(failure);
    }
  }

  /** There is nothing else to do for now. */
  void rest() {
    if (eager && !written.isEmpty()) {
      commit();
    }
  }

  /** Commits what can be, and lets go of the files. */
  void close() {
    commit();
    shelf.abandon();
  }

  private void fail(Throwable failure) {
    broken = true;
    written.stream()
        .map(work -> work.delivery().stream())
        .distinct()
        .forEach(stream -> eras.merge(stream, 1, Integer::sum));
    String message = failure.getMessage();
    String why = "cannot write: " + (message == null ? failure.toString() : message);
    written.forEach(to -> answer(to, Outcome.retry(why)));
    written.clear();
  }

  private void answer(Work.Write to, Outcome outcome) {
    answers.add(new Answer(to, outcome, era(to.delivery().stream())));
  }

  private int era(String stream) {
    return eras.getOrDefault(stream, 0);
  }

  /** The answers since this was last asked. */
  List<Answer> answers() {
    if (answers.isEmpty()) {
      return List.of();
    }
    List<Answer> all = answers;
    answers = new ArrayList<>();
    return all;
  }
}
