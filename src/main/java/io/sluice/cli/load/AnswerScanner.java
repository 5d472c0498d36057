package io.sluice.cli.load;

import java.net.ProtocolException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Finds the answers to requests in what a connection reads. One per connection. */
interface AnswerScanner {
  /** What is sent before anything else; null for nothing. */
  default @Nullable ByteBuffer greeting() {
    return null;
  }

  /**
   * Reads the server's answer to the greeting.
   *
   * @return true when requests may follow
   * @throws ProtocolException when the server will not have them
   */
  default boolean greeted(ByteBuffer in) throws ProtocolException {
    return true;
  }

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
  default boolean keepAlive() {
    return true;
  }

  /** What the protocol wants said in between, once; null for nothing. */
  default @Nullable ByteBuffer reply() {
    return null;
  }
}
