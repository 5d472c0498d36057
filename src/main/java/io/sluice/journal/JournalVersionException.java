package io.sluice.journal;

import java.io.IOException;

/** The journal was written in a format newer than this program knows. Nothing was touched. */
public final class JournalVersionException extends IOException {
  JournalVersionException(String file, int version) {
    super(
        file
            + " has journal format "
            + version
            + "; this program reads up to "
            + SegmentHeader.VERSION);
  }
}
