package io.sluice.source.websocket;

import io.vertx.core.Future;

/** What a connection is used for. Confined to the connection's loop. */
interface Conversation {
  /** Begins, once the connection is open; nothing is read before the connection is told to. */
  void open(Connection connection);

  /**
   * Makes room for bytes that came.
   *
   * @param then reads them; called at once or, when there is no room, later
   */
  void arriving(int bytes, Runnable then);

  /** What came is read, and messages may be whole. */
  void arrived();

  /**
   * Takes no more messages.
   *
   * @return what the client is to know when the connection is closed, once everything that was
   *     taken is settled
   */
  Future<String> finish();

  /** The connection is gone, or nothing it still says matters. */
  void over();
}
