package io.sluice.app;

import io.sluice.journal.FailingDisk;
import java.util.concurrent.atomic.AtomicInteger;

/** {@link Main} on a {@link FailingDisk}; the property {@link #FORCES} says how long it is well. */
final class FailingDiskMain {
  static final String FORCES = "sluice.test.forces";

  private FailingDiskMain() {}

  /** As {@link Main#main} does. */
  public static void main(String[] args) {
    AtomicInteger forces = new AtomicInteger(Integer.getInteger(FORCES));
    Main.run(
        (directory, options, commits) -> FailingDisk.open(directory, options, commits, forces),
        args);
  }
}
