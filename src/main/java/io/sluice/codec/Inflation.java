package io.sluice.codec;

import java.util.Optional;

/**
 * Undoes one body's content coding, chunk by chunk as the body arrives, within a limit.
 *
 * <p>Whatever the ratio, it holds no more than its own window and one small buffer, and gives up at
 * the limit: the work of all calls together is bounded by the bytes that came in and the limit of
 * those that go out. Confined to one thread; to be closed, which frees what it holds outside the
 * heap. Once it has named a failure it must not be fed again.
 */
public sealed interface Inflation extends AutoCloseable
    permits GzipInflation, DeflateInflation, ZstdInflation, BrotliInflation, IdentityInflation {
  /** Where the bytes go. */
  @FunctionalInterface
  interface Output {
    /**
     * Takes bytes, which are the caller's again when the call returns.
     *
     * @return whether they were taken; if not, the inflation ends with {@link
     *     Failure.Kind#TOO_LARGE}
     */
    boolean append(byte[] bytes, int offset, int length);
  }

  /** Why a body cannot be inflated, with one sentence for the client. */
  record Failure(Kind kind, String detail) {
    /** What is wrong. */
    public enum Kind {
      /** The body ends before the coding does. */
      TRUNCATED,
      /** The body is not what its coding says, or has more behind its end. */
      CORRUPT,
      /** More bytes come out than may. */
      TOO_LARGE;

      /** The {@code code} of a problem document: {@code truncated-coding}. */
      public String word() {
        return switch (this) {
          case TRUNCATED -> "truncated-coding";
          case CORRUPT -> "corrupt-coding";
          case TOO_LARGE -> "too-large";
        };
      }
    }
  }

  /**
   * Takes the next bytes of the body.
   *
   * @return the failure found in them, if any
   */
  Optional<Failure> feed(byte[] in, int offset, int length, Output out);

  /** Says that the body is at its end. */
  Optional<Failure> finish();

  /** Frees what it holds. May be called at any time, and twice. */
  @Override
  void close();
}
