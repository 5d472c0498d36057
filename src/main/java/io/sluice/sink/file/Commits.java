package io.sluice.sink.file;

import io.sluice.event.Outcome;
import io.vertx.core.Promise;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes deliveries and answers them in groups, once they are committed. Confined to the sink's
 * thread.
 *
 * <p>A failure fails everything that is not committed, and begins a new era: what was handed over
 * before the other side heard of it has to be handed over again, or later events would be written
 * before earlier ones. So does a refusal, whose good events are still to come.
 */
final class Commits {
  private static final long MOST_BYTES = 8 << 20;
  private static final int MOST_DELIVERIES = 4096;

  private final Shelf shelf;

  /** Whether to commit whenever there is nothing else to do. */
  private final boolean eager;

  private final List<Promise<Outcome>> written = new ArrayList<>();
  private List<Answer> answers = new ArrayList<>();
  private int era;
  private boolean broken;

  /** An outcome that waits to be told. */
  record Answer(Promise<Outcome> to, Outcome outcome) {}

  Commits(Shelf shelf, boolean eager) {
    this.shelf = shelf;
    this.eager = eager;
  }

  void write(Work.Write work) {
    if (work.era() != era) {
      answer(work.answer(), Outcome.retry("earlier events have to be written first"));
      return;
    }
    try {
      if (broken) {
        shelf.recover();
        broken = false;
      }
      shelf.write(work.delivery());
      written.add(work.answer());
    } catch (UnfitPathException unfit) {
      answer(work.answer(), Outcome.refused(String.valueOf(unfit.getMessage())));
      era++;
    } catch (IOException | RuntimeException failure) {
      written.add(work.answer());
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
    } catch (IOException | RuntimeException failure) {
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

  private void fail(Exception failure) {
    broken = true;
    era++;
    String message = failure.getMessage();
    String why = "cannot write: " + (message == null ? failure.toString() : message);
    written.forEach(to -> answer(to, Outcome.retry(why)));
    written.clear();
  }

  private void answer(Promise<Outcome> to, Outcome outcome) {
    answers.add(new Answer(to, outcome));
  }

  int era() {
    return era;
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
