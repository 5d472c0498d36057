package io.sluice.journal;

import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file. Confined to one thread at a time. */
interface DiskFile extends AutoCloseable {
  /** Reads up to what the buffer holds; -1 at the end. */
  int read(ByteBuffer into, long offset) throws IOException;

  /** Writes all of the buffer. After a failure any part of it may have been written. */
  void write(ByteBuffer from, long offset) throws IOException;

  /** Forces data, and the size where it grew. */
  void force() throws IOException;

  long size() throws IOException;

  void truncate(long size) throws IOException;

  @Override
  void close() throws IOException;
}
