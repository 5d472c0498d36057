package io.sluice.journal;

/**
 * What is known of one segment file. Immutable.
 *
 * @param end where its frames end; bytes
 * @param next the ordinal behind its last event
 * @param written when its last frame was written; wall clock, milliseconds
 * @param forced events below this ordinal were known to be forced
 * @param fileBytes what the file takes on disk
 * @param sealed whether nothing is added any more
 */
record Segment(
    String name,
    SegmentHeader header,
    long end,
    long next,
    long written,
    long forced,
    long fileBytes,
    boolean sealed) {

  long base() {
    return header.base();
  }

  /** Bytes of frames. */
  long bytes() {
    return end - SegmentHeader.BYTES;
  }
}
