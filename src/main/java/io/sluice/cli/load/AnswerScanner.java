package io.sluice.cli.load;

import java.net.ProtocolException;
import java.nio.ByteBuffer;

/** Finds the answers to requests in what a connection reads. One per connection. */
interface AnswerScanner {
  /**
   * Reads on, to the end of the next request's answer.
   *
   * @return true when one is complete; false when all bytes are used up before
   * @throws ProtocolException when this is not what the protocol says
   */
  boolean scan(ByteBuffer in) throws ProtocolException;

  /** Status of the answer that {@link #scan} found last, in HTTP's numbers. */
  int status();

  /** Whether the connection may be used after the answer that {@link #scan} found last. */
  boolean keepAlive();
}
