package io.sluice.codec;

import io.sluice.codec.Inflation.Failure;
import io.sluice.codec.Inflation.Output;
import java.util.Optional;

/** Counts what goes into and comes out of one inflation, and holds it to its limit. */
final class Bound {
  /** Bytes inflated in one step. */
  static final int STEP = 16 << 10;

  private final long max;
  private long in;
  private long out;

  Bound(long max) {
    this.max = max;
  }

  static Optional<Failure> corrupt(String detail) {
    return Optional.of(new Failure(Failure.Kind.CORRUPT, detail));
  }

  static Optional<Failure> truncated() {
    return Optional.of(
        new Failure(Failure.Kind.TRUNCATED, "the body ends before its content coding does"));
  }

  /** Counts bytes of the body as sent. */
  void consumed(long bytes) {
    in += bytes;
  }

  /** Passes bytes on, unless they are too many. */
  Optional<Failure> pass(byte[] bytes, int offset, int length, Output to) {
    out += length;
    return out <= max && to.append(bytes, offset, length) ? Optional.empty() : Optional.of(large());
  }

  private Failure large() {
    String ratio = in == 0 || out <= in ? "" : " (1 : " + out / in + " so far)";
    return new Failure(
        Failure.Kind.TOO_LARGE,
        out > max
            ? "more than " + max + " bytes once its content coding is undone" + ratio
            : "more bytes than may be taken once its content coding is undone" + ratio);
  }
}
