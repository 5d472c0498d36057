package io.sluice.lease;

import io.sluice.connector.Step;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/**
 * The cursors that replicas share, for somebody beside them who has no lease. Confined to one event
 * loop. All futures fail with an {@link java.io.IOException} that says what to do about it.
 */
public interface SharedCursors {
  /** Each source that was ever polled, in order. */
  Future<List<KeptCursor>> all();

  /** That of one source; empty when it was never polled. */
  Future<Optional<KeptCursor>> find(String source);

  /**
   * Moves a cursor, and takes the lease away from whoever has it: the next holder has a later term,
   * so that what the one before has under way is refused.
   *
   * @param step from where it is; empty for the start, which puts it aside unread
   * @return what was there before; empty when the source was never polled. Fails with a {@link
   *     io.sluice.connector.CursorLostException} when there is a step and the cursor cannot be read
   */
  Future<Optional<KeptCursor>> rewind(String source, Optional<Step> step);

  /** Where one is that was put aside, for the operator. */
  String aside(String source);
}
