package io.sluice.connector;

import io.sluice.event.Batch;
import io.vertx.core.Future;

/** Where one {@link Poll} puts what it reads. Confined to the event loop of the poll. */
public interface Intake {
  /** What a batch should weigh where there is a choice. Bytes. */
  int batchBytes();

  /** The largest event that is taken. Bytes. */
  int maxEventBytes();

  /**
   * Puts the next events. They are on their way to the stream in the order of the calls, and the
   * cursor takes its steps in that order, each once its events and all before them are kept.
   *
   * @param step what changes in the cursor with these events
   * @return completes when there is room for the next batch; the receipt is not waited for. Fails
   *     when the stream took no more, or the poll's time is up: nothing more is taken then
   */
  Future<Void> put(Batch batch, Step step);

  /**
   * Takes room for batches that are read ahead, as far as there is plenty of it: one that reads
   * ahead may have as many batches between its upstream and the completion of their {@link #put} as
   * this answered last. Without it, that is one.
   *
   * @param most how many batches would be of use
   */
  int ahead(int most);

  /**
   * Takes room for what is gathered for the next batch, before more is read: an upstream may send
   * much that makes no whole event yet.
   *
   * @param bytes how many are in memory now
   * @return completes when they are counted. Fails as {@link #put} does
   */
  Future<Void> gathered(long bytes);

  /**
   * Says that the upstream is alive though it brought no event yet: the poll's {@code timeout} runs
   * from here anew.
   */
  void alive();
}
