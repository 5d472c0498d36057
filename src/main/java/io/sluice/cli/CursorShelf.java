package io.sluice.cli;

import io.sluice.connector.Step;
import io.sluice.lease.KeptCursor;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Where cursors are kept. Blocks. */
interface CursorShelf extends AutoCloseable {
  /**
   * What a cursor was before it was moved.
   *
   * @param aside where it is now, when it was moved to the start
   */
  record Moved(KeptCursor before, String aside) {}

  /** Each that there is, in order. */
  List<KeptCursor> all() throws IOException;

  /** That of a source; empty when it was never polled. */
  Optional<KeptCursor> find(String source) throws IOException;

  /**
   * Moves one.
   *
   * @param step from where it is; empty for the start
   * @return empty when the source was never polled
   * @throws io.sluice.control.DataDirectory.LockedException when a gateway has to be stopped first
   * @throws io.sluice.connector.CursorLostException when the cursor cannot be read
   */
  Optional<Moved> rewind(String source, Optional<Step> step) throws IOException;

  @Override
  void close();
}
