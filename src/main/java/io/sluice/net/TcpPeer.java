package io.sluice.net;

import io.netty.buffer.ByteBuf;

/** What a source makes of one connection. Everything is called on the connection's event loop. */
public interface TcpPeer {
  /**
   * Bytes arrived. They may still do so after {@link TcpConnection#stopReading}, as far as they had
   * been read by then.
   *
   * @param bytes valid during the call; not to be released
   */
  void received(ByteBuf bytes);

  /** The client sends nothing more; it may still read. */
  void ended();

  /** What was written has gone out, and more may be written. */
  void drained();

  /** The connection is no more. The last call. */
  void closed();
}
