package io.sluice.codec;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Undoes {@code deflate}: RFC 1950 and, if the first two bytes are no header of it, RFC 1951. */
final class DeflateInflation implements Inflation {
  private final Bound bound;
  private @Nullable Deflated data;
  private int first = -1;

  DeflateInflation(Bound bound) {
    this.bound = bound;
  }

  @Override
  public Optional<Failure> feed(byte[] in, int offset, int length, Output out) {
    if (length == 0) {
      return Optional.empty();
    }
    bound.consumed(length);
    if (data != null) {
      return inflate(data, in, offset, length, out);
    }
    if (first < 0 && length == 1) {
      first = in[offset] & 0xFF;
      return Optional.empty();
    }
    boolean held = first >= 0;
    int one = held ? first : in[offset] & 0xFF;
    int two = in[held ? offset : offset + 1] & 0xFF;
    Deflated started = new Deflated(!framed(one, two), bound);
    data = started;
    if (held) {
      Optional<Failure> failure = inflate(started, new byte[] {(byte) one}, 0, 1, out);
      if (failure.isPresent()) {
        return failure;
      }
    }
    return inflate(started, in, offset, length, out);
  }

  private static Optional<Failure> inflate(
      Deflated data, byte[] in, int offset, int length, Output out) {
    if (data.finished()) {
      return behind();
    }
    Optional<Failure> failure = data.feed(in, offset, length, out);
    return failure.isEmpty() && data.finished() && data.left() > 0 ? behind() : failure;
  }

  private static Optional<Failure> behind() {
    return Bound.corrupt("there is more behind the end of the deflated data");
  }

  /** Whether two bytes are a header of RFC 1950: method 8, window up to 32 KiB, check bits. */
  private static boolean framed(int one, int two) {
    return (one & 0x0F) == 8 && one >> 4 <= 7 && (one << 8 | two) % 31 == 0;
  }

  @Override
  public Optional<Failure> finish() {
    return data != null && data.finished() ? Optional.empty() : Bound.truncated();
  }

  @Override
  public void close() {
    if (data != null) {
      data.end();
    }
  }
}
