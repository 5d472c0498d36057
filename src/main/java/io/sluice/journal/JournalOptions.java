package io.sluice.journal;

import java.time.Duration;

/**
 * How a journal works.
 *
 * @param segmentBytes size of a segment file; a frame that is larger gets a file of its own
 * @param sync when frames are forced
 * @param maxCommitDelay the longest a commit is held back for more batches while more keep coming;
 *     an idle journal never holds back
 * @param commitBytes a group of this many bytes is committed without waiting for more
 * @param maxRecordBytes a batch above this is refused as too large
 * @param onCorruption what damage does
 * @param spares how many released segments are kept for reuse
 * @param cursorEvery the shortest time between two saves of cursors
 */
public record JournalOptions(
    long segmentBytes,
    Sync sync,
    Duration maxCommitDelay,
    int commitBytes,
    int maxRecordBytes,
    OnCorruption onCorruption,
    int spares,
    Duration cursorEvery) {
  public static final JournalOptions DEFAULTS =
      new JournalOptions(
          64L << 20,
          Sync.ALWAYS,
          Duration.ofMillis(1),
          1 << 20,
          256 << 20,
          OnCorruption.QUARANTINE,
          2,
          Duration.ofMillis(100));

  public JournalOptions {
    if (segmentBytes < SegmentHeader.BYTES + SegmentFooter.BYTES + 1024
        || segmentBytes > 1L << 31) {
      throw new IllegalArgumentException("segments of " + segmentBytes + " bytes");
    }
    if (maxRecordBytes < 1 || maxRecordBytes > 1 << 30 || commitBytes < 1 || spares < 0) {
      throw new IllegalArgumentException("a journal limit is out of range");
    }
  }

  public JournalOptions withSegmentBytes(long bytes) {
    return new JournalOptions(
        bytes,
        sync,
        maxCommitDelay,
        commitBytes,
        maxRecordBytes,
        onCorruption,
        spares,
        cursorEvery);
  }

  public JournalOptions withSync(Sync other) {
    return new JournalOptions(
        segmentBytes,
        other,
        maxCommitDelay,
        commitBytes,
        maxRecordBytes,
        onCorruption,
        spares,
        cursorEvery);
  }

  public JournalOptions withMaxCommitDelay(Duration delay) {
    return new JournalOptions(
        segmentBytes, sync, delay, commitBytes, maxRecordBytes, onCorruption, spares, cursorEvery);
  }

  public JournalOptions withMaxRecordBytes(int bytes) {
    return new JournalOptions(
        segmentBytes, sync, maxCommitDelay, commitBytes, bytes, onCorruption, spares, cursorEvery);
  }

  public JournalOptions withOnCorruption(OnCorruption other) {
    return new JournalOptions(
        segmentBytes,
        sync,
        maxCommitDelay,
        commitBytes,
        maxRecordBytes,
        other,
        spares,
        cursorEvery);
  }

  public JournalOptions withCursorEvery(Duration interval) {
    return new JournalOptions(
        segmentBytes,
        sync,
        maxCommitDelay,
        commitBytes,
        maxRecordBytes,
        onCorruption,
        spares,
        interval);
  }
}
