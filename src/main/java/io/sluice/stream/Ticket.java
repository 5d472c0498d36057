package io.sluice.stream;

import io.sluice.event.Ack;
import io.sluice.event.Batch;
import io.sluice.event.Receipt;
import io.sluice.event.Refusal;
import io.sluice.flow.Parcel;
import io.sluice.flow.Put;
import java.time.Duration;

/**
 * What the stream owes for one batch: its credit when it takes no memory on its way in any more,
 * and a receipt at the level that was asked for. Confined to the stream's event loop.
 */
final class Ticket {
  private final Parcel<Put, Receipt> parcel;
  private boolean answered;

  Ticket(Parcel<Put, Receipt> parcel) {
    this.parcel = parcel;
  }

  Batch batch() {
    return parcel.content().batch();
  }

  /** Whether the receipt waits for {@code ack} or more. */
  boolean awaits(Ack ack) {
    return !answered && parcel.content().ack().compareTo(ack) >= 0;
  }

  /** The stream has it in memory. */
  void accepted() {
    if (parcel.content().ack() == Ack.ACCEPTED) {
      answer(Ack.ACCEPTED);
    }
  }

  /** The log has it: its credit goes home, and its receipt too unless it waits for the sinks. */
  void kept(Ack promise) {
    parcel.complete();
    if (!answered && parcel.content().ack() != Ack.DELIVERED) {
      answer(promise);
    }
  }

  /** Every sink has it. */
  void delivered() {
    answer(Ack.DELIVERED);
  }

  void refuse(Refusal why, Duration retryAfter, String detail) {
    parcel.complete();
    if (!answered) {
      answered = true;
      parcel.answer(new Receipt.Refused(why, retryAfter, detail));
    }
  }

  /** The stream ends before every sink has it; the log keeps it. */
  void abandoned(Duration retryAfter, String detail) {
    answered = true;
    parcel.answer(new Receipt.Refused(Refusal.UNKNOWN, retryAfter, detail));
  }

  private void answer(Ack ack) {
    answered = true;
    parcel.answer(new Receipt.Kept(ack, batch().size(), 0));
  }
}
