package io.sluice.flow;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Content that arrived at an intake. Whoever holds it owes two things, each exactly once and in any
 * order: {@link #complete} when it no longer takes memory, and {@link #answer} when its sender may
 * know what became of it.
 *
 * <p>Confined to the intake's event loop.
 *
 * @param <T> the content
 * @param <R> the answer
 */
public final class Parcel<T, R> {
  /** What a parcel needs of the intake it came to. */
  interface Desk {
    void complete(Budget.Account account, long weight);

    Optional<Message.Grant> topUp(Budget.Account account);
  }

  private final T content;
  private final long weight;
  private final Budget.Account account;
  private final Desk desk;
  private io.vertx.core.eventbus.@Nullable Message<Message.Offer> asked;
  private boolean complete;

  Parcel(
      T content,
      long weight,
      Budget.Account account,
      Desk desk,
      io.vertx.core.eventbus.Message<Message.Offer> asked) {
    this.content = content;
    this.weight = weight;
    this.account = account;
    this.desk = desk;
    this.asked = asked;
  }

  public T content() {
    return content;
  }

  /** What it counts against credit. Bytes. */
  public long weight() {
    return weight;
  }

  /** Gives the credit back. */
  public void complete() {
    if (complete) {
      throw new IllegalStateException("completed twice");
    }
    complete = true;
    desk.complete(account, weight);
  }

  /** Tells the sender. */
  public void answer(R answer) {
    var waiting = asked;
    if (waiting == null) {
      throw new IllegalStateException("answered twice");
    }
    asked = null;
    waiting.reply(
        new Message.Settled(answer, complete ? desk.topUp(account).orElse(null) : null),
        ByReference.options());
  }

  /** Both at once: the answer carries the credit home. */
  public void settle(R answer) {
    complete();
    answer(answer);
  }
}
