package io.sluice.journal;

import java.io.IOException;

/**
 * Room that is set aside while there is some, so that a full disk can empty: cursors are saved with
 * it, and segments that every sink has can be let go. Confined to the keeper's thread.
 */
final class Ballast {
  static final String NAME = "ballast";
  static final int BYTES = 256 << 10;

  private final Disk disk;
  private boolean there;

  Ballast(Disk disk) {
    this.disk = disk;
  }

  /** File work that a full disk does not stop. */
  @FunctionalInterface
  interface Urgent {
    void run() throws IOException;
  }

  boolean there() {
    return there;
  }

  /** Sets room aside where that was not done, or was used up. */
  void keep() throws IOException {
    try (DiskFile file = disk.write(NAME)) {
      if (file.size() < BYTES) {
        Spares.fill(file, file.size(), BYTES);
        file.force();
      }
      there = true;
    } catch (DiskFullException e) {
      disk.delete(NAME);
      throw e;
    }
  }

  /** Gives the room to whoever comes for it first. */
  void give() throws IOException {
    disk.delete(NAME);
    disk.sync();
    there = false;
  }

  /** Does something, with the room that was set aside if there is no other. */
  void use(Urgent work) throws IOException {
    try {
      work.run();
    } catch (DiskFullException e) {
      disk.delete(NAME);
      there = false;
      work.run();
    }
  }
}
