package io.sluice.sink.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Turns bytes into what the file holds of them. What is packed up to one {@link #finish} can be
 * read by itself, so that a file cut between two of them is whole. Confined to the sink's thread.
 */
interface Packer {
  /** Packs all that remains in {@code raw}, a direct buffer. Some of it may stay inside. */
  void pack(ByteBuffer raw, FileChannel to) throws IOException;

  /** Writes what is left inside, and the end of what was begun. */
  void finish(FileChannel to) throws IOException;

  /** Lets go of native memory; what was not finished is lost. */
  void close();

  /** Writes all of {@code bytes}. */
  static void write(ByteBuffer bytes, FileChannel to) throws IOException {
    while (bytes.hasRemaining()) {
      to.write(bytes);
    }
  }
}
