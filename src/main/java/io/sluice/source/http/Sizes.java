package io.sluice.source.http;

/** How much room bodies need in a stream. Bytes. */
final class Sizes {
  /** For a body of unknown length, at first. */
  private static final int FIRST = 16 << 10;

  /** What a batch weighs beside its bytes, whatever they are. */
  private static final int SLACK = 64;

  private Sizes() {}

  /** How long a body is as far as one knows before anything of it is read. */
  static long said(long contentLength) {
    return contentLength < 0 ? FIRST : contentLength;
  }

  /** Room to ask for before anything of the body is read. */
  static long first(long contentLength) {
    return contentLength < 0 ? FIRST : roomFor(contentLength);
  }

  /** Room for a body: its bytes, and what its events weigh beside them unless they are tiny. */
  static long roomFor(long bytes) {
    return bytes + (bytes >>> 4) + SLACK;
  }
}
