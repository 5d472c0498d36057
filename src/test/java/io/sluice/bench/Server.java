package io.sluice.bench;

import io.sluice.cli.load.LoadResult;
import java.net.URI;
import java.time.Duration;

/** A process to drive. */
interface Server extends AutoCloseable {
  String name();

  URI url();

  /** Where it takes lines over TCP, and counts them back. */
  URI tcp();

  Duration cpuTime();

  /** Waits until everything that the run had acknowledged is where it belongs, and checks it. */
  void settle(LoadResult result);

  @Override
  void close();
}
