package io.sluice.journal;

import java.io.IOException;

/** The journal is damaged and its options say to fail then. */
public final class DamagedException extends IOException {
  private final transient Damage damage;

  DamagedException(Damage damage) {
    super(
        "journal damaged: events "
            + damage.from()
            + " to "
            + damage.to()
            + " cannot be read from "
            + damage.segment()
            + " at byte "
            + damage.offset());
    this.damage = damage;
  }

  public Damage damage() {
    return damage;
  }
}
