package io.sluice.bench;

import io.sluice.cli.load.LoadResult;
import io.sluice.cli.target.Protocol;
import java.net.URI;

/** A process to drive. */
interface Server extends AutoCloseable {
  String name();

  /** Where it takes events over HTTP, lines over TCP, messages over WebSocket. */
  URI url(Protocol protocol);

  long pid();

  /** Waits until everything that the run had acknowledged is where it belongs, and checks it. */
  void settle(LoadResult result);

  @Override
  void close();
}
