package io.sluice.journal;

/** Where things stand in a frame. Little-endian; frames begin at multiples of eight. */
final class Frame {
  static final short MAGIC = 0x4653; // "SF"
  static final byte VERSION = 1;

  static final int AT_VERSION = 2;
  static final int AT_FLAGS = 3;
  static final int AT_LENGTH = 4;
  static final int AT_EPOCH = 8;
  static final int AT_COUNT = 12;
  static final int AT_FIRST = 16;
  static final int AT_TIME = 24;
  static final int AT_UNFORCED = 32;
  static final int AT_EXTENT = 36;
  static final int AT_HEAD_CRC = 40;
  static final int AT_CRC = 44;
  static final int HEADER = 48;

  static final int LINES = 1;
  static final int IDS = 2;
  static final int KEYS = 4;
  static final int TIMES = 8;
  static final int ATTRIBUTES = 16;

  /** Committed before it was forced: a {@link Sync} other than always. */
  static final int RELAXED = 32;

  /** Of a client's session. */
  static final int SEQUENCE = 64;

  private Frame() {}

  static long align(long bytes) {
    return (bytes + 7) & ~7L;
  }
}
