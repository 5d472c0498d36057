package io.sluice.source.poll.http;

/** The parts of the cursor of an HTTP poll. */
final class Parts {
  /** How far the API was read. */
  static final String CURSOR = "cursor";

  /** The page to go on with; only in the midst of several. */
  static final String PAGE = "page";

  /** The greatest value in the pages before that one. */
  static final String SEEN = "seen";

  /** Validators of the last answer, while the next request is the same. */
  static final String ETAG = "etag";

  static final String MODIFIED = "modified";

  private Parts() {}
}
