package io.sluice.codec;

import java.util.Optional;

/** Passes a body on as it is. */
final class IdentityInflation implements Inflation {
  private final Bound bound;

  IdentityInflation(Bound bound) {
    this.bound = bound;
  }

  @Override
  public Optional<Failure> feed(byte[] in, int offset, int length, Output out) {
    bound.consumed(length);
    return bound.pass(in, offset, length, out);
  }

  @Override
  public Optional<Failure> finish() {
    return Optional.empty();
  }

  @Override
  public void close() {}
}
