package io.sluice.admin;

import io.sluice.connector.Source;
import io.sluice.control.ParkedPart;
import io.sluice.control.Reloads;
import io.sluice.report.Report;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/**
 * What a gateway says of itself; implemented by whoever runs it. Called on the admin listener's
 * event loop at any time after its start, so it answers at once from what it knows: never blocks,
 * takes no lock, asks no other loop.
 */
public interface View {
  /** Whether recovery is done and the first configuration runs. Once well, always well. */
  Health started();

  /**
   * Whether a restart would help: journal writers that died. Event loops that stand still are
   * noticed by the admin listener itself. Nothing outside the process counts.
   */
  Health live();

  /**
   * Whether new events should be sent here: listeners bound, journals writable and below their
   * high-water mark, not draining. A sink that is down does not count while its stream has room.
   */
  Health ready();

  Topology topology();

  /** What every source came to. */
  Report report();

  /** How the configuration stands. */
  Reloads.State configuration();

  /** Reads the configuration anew; the future completes on any loop and never fails. */
  Future<Reloads.Attempt> reload();

  /** A source that runs, by its name; to be steered. */
  Optional<Source> source(String name);

  /** What is kept of parts that are in the configuration no more; completes on any loop. */
  Future<List<ParkedPart>> parked();

  /**
   * Deletes what is kept of such a part; completes on any loop.
   *
   * @param stream only the position in this one, where it is a sink
   * @return what was deleted; empty when nothing of that name is kept
   */
  Future<List<ParkedPart>> retire(ParkedPart.Kind kind, String name, Optional<String> stream);
}
