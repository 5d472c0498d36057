package io.sluice.ledger;

import java.io.IOException;

/**
 * A connection of a client that keeps its events until the server is done with them. Counts are of
 * the events sent on this connection, after what the server had when it began.
 */
interface Link extends AutoCloseable {
  /** Opens connections, one after the other. */
  @FunctionalInterface
  interface Opening {
    Link open() throws IOException, InterruptedException;
  }

  /** How many of the events that the last connection left open the server turned out to have. */
  long had();

  void send(String event) throws IOException;

  /** Waits for news; how many events the server is done with. */
  long settled() throws IOException, InterruptedException;

  @Override
  void close();
}
