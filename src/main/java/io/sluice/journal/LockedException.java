package io.sluice.journal;

import java.io.IOException;

/** Another process, or another part of this one, has the journal open. */
public final class LockedException extends IOException {
  LockedException(String directory, String holder) {
    super(
        "journal " + directory + " is in use" + (holder.isBlank() ? "" : " by " + holder.strip()));
  }
}
