package io.sluice.codec;

import java.util.Optional;
import java.util.zip.CRC32;

/**
 * Undoes {@code gzip} (RFC 1952): any number of members, each with its checksum and length checked,
 * and nothing behind the last.
 */
final class GzipInflation implements Inflation {
  private static final int CHECKED_HEADER = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int RESERVED = 0xE0;

  private enum Part {
    FIXED,
    EXTRA_LENGTH,
    EXTRA,
    NAME,
    COMMENT,
    CHECK,
    DATA,
    TRAILER
  }

  private final Bound bound;
  private final Deflated data;
  private final CRC32 header = new CRC32();
  private Part part = Part.FIXED;

  /** Bytes of the part that were seen, and the last eight of them, the first lowest. */
  private int seen;

  private long value;
  private int flags;
  private int extra;
  private boolean started;

  GzipInflation(Bound bound) {
    this.bound = bound;
    this.data = new Deflated(true, bound);
  }

  @Override
  public Optional<Failure> feed(byte[] in, int offset, int length, Output out) {
    bound.consumed(length);
    int at = offset;
    int to = offset + length;
    while (at < to) {
      started = true;
      Optional<Failure> failure;
      if (part == Part.DATA) {
        failure = data.feed(in, at, to - at, out);
        at = to;
        if (failure.isEmpty() && data.finished()) {
          at = to - data.left();
          enter(Part.TRAILER);
        }
      } else {
        failure = frame(in[at++] & 0xFF);
      }
      if (failure.isPresent()) {
        return failure;
      }
    }
    return Optional.empty();
  }

  /** One byte of a header or trailer. */
  private Optional<Failure> frame(int one) {
    if (part != Part.CHECK && part != Part.TRAILER) {
      header.update(one);
    }
    int index = seen++;
    value |= index < 8 ? (long) one << (8 * index) : 0;
    switch (part) {
      case FIXED -> {
        boolean wrong =
            (index == 0 && one != 0x1F) || (index == 1 && one != 0x8B) || (index == 2 && one != 8);
        if (wrong || (index == 3 && (one & RESERVED) != 0)) {
          return Bound.corrupt("not gzip, or more behind its end");
        }
        if (index == 3) {
          flags = one;
        }
        if (index == 9) {
          optional(Part.EXTRA_LENGTH);
        }
      }
      case EXTRA_LENGTH -> {
        if (index == 1) {
          extra = (int) value;
          enter(Part.EXTRA);
          if (extra == 0) {
            optional(Part.NAME);
          }
        }
      }
      case EXTRA -> {
        if (seen == extra) {
          optional(Part.NAME);
        }
      }
      case NAME -> {
        if (one == 0) {
          optional(Part.COMMENT);
        }
      }
      case COMMENT -> {
        if (one == 0) {
          optional(Part.CHECK);
        }
      }
      case CHECK -> {
        if (index == 1) {
          if (value != (header.getValue() & 0xFFFF)) {
            return Bound.corrupt("the checksum of the gzip header is wrong");
          }
          enter(Part.DATA);
        }
      }
      case TRAILER -> {
        if (index == 7) {
          if (value != (data.sum() | data.size() << 32)) {
            return Bound.corrupt("the checksum or the length of the gzip data is wrong");
          }
          data.again();
          header.reset();
          enter(Part.FIXED);
        }
      }
      case DATA -> throw new IllegalStateException("data are no frame");
    }
    return Optional.empty();
  }

  /** Goes to {@code next}, or the first part behind it that the flags say is there. */
  private void optional(Part next) {
    boolean there =
        switch (next) {
          case EXTRA_LENGTH -> (flags & EXTRA) != 0;
          case NAME -> (flags & NAME) != 0;
          case COMMENT -> (flags & COMMENT) != 0;
          case CHECK -> (flags & CHECKED_HEADER) != 0;
          default -> true;
        };
    if (there) {
      enter(next);
    } else {
      optional(
          switch (next) {
            case EXTRA_LENGTH -> Part.NAME;
            case NAME -> Part.COMMENT;
            case COMMENT -> Part.CHECK;
            default -> Part.DATA;
          });
    }
  }

  private void enter(Part next) {
    part = next;
    seen = 0;
    value = 0;
  }

  @Override
  public Optional<Failure> finish() {
    return started && part == Part.FIXED && seen == 0 ? Optional.empty() : Bound.truncated();
  }

  @Override
  public void close() {
    data.end();
  }
}
