package io.sluice.cli.load;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Bytes to and from a server over a connected channel that does not block. */
interface Wire {
  /**
   * Goes on with what comes before the first byte.
   *
   * @return true when bytes may be sent
   */
  boolean shake() throws IOException;

  /** Reads what is there; the count, or -1 at the end. */
  int read(ByteBuffer into) throws IOException;

  /**
   * Writes what the socket takes.
   *
   * @return true when all of it has left, and whatever was kept from before
   */
  boolean write(ByteBuffer from) throws IOException;

  /** Whether {@link #shake} waits for the socket to take more. */
  boolean full();
}
