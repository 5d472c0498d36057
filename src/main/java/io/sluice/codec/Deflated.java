package io.sluice.codec;

import io.sluice.codec.Inflation.Failure;
import io.sluice.codec.Inflation.Output;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * One run of deflated data (RFC 1951, or RFC 1950 with its frame), inflated step by step. Counts
 * its checksum and length on the way. Confined to one thread.
 */
final class Deflated {
  private final Inflater inflater;
  private final Bound bound;
  private final byte[] step = new byte[Bound.STEP];
  private final CRC32 sum = new CRC32();

  Deflated(boolean bare, Bound bound) {
    this.inflater = new Inflater(bare);
    this.bound = bound;
  }

  /** Inflates as much as there is, up to the end of the run. */
  Optional<Failure> feed(byte[] in, int offset, int length, Output out) {
    inflater.setInput(in, offset, length);
    try {
      while (!inflater.finished()) {
        int size = inflater.inflate(step);
        if (size > 0) {
          sum.update(step, 0, size);
          Optional<Failure> failure = bound.pass(step, 0, size, out);
          if (failure.isPresent()) {
            return failure;
          }
        } else if (inflater.needsDictionary()) {
          return Bound.corrupt("the deflated data ask for a dictionary");
        } else if (inflater.needsInput()) {
          break;
        }
      }
      return Optional.empty();
    } catch (DataFormatException bad) {
      return Bound.corrupt("the deflated data are damaged");
    }
  }

  boolean finished() {
    return inflater.finished();
  }

  /** How many of the bytes fed last lie behind the end of the run. */
  int left() {
    return inflater.getRemaining();
  }

  /** CRC-32 of the bytes that came out. */
  long sum() {
    return sum.getValue();
  }

  /** How many bytes came out, modulo 2^32. */
  long size() {
    return inflater.getBytesWritten() & 0xFFFF_FFFFL;
  }

  /** Gets ready for another run. */
  void again() {
    inflater.reset();
    sum.reset();
  }

  void end() {
    inflater.end();
  }
}
