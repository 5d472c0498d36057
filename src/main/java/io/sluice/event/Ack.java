package io.sluice.event;

/** How much certainty a receipt gives, weakest first. */
public enum Ack {
  /** The stream has the batch in memory; a crash may lose it. */
  ACCEPTED,
  /** The journal has the batch and forced it to disk (as far as the stream's {@code sync} says). */
  STORED,
  /** Every sink of the stream has the batch. */
  DELIVERED;

  /** The name clients use: {@code accepted}, {@code stored}, {@code delivered}. */
  public String word() {
    return switch (this) {
      case ACCEPTED -> "accepted";
      case STORED -> "stored";
      case DELIVERED -> "delivered";
    };
  }
}
