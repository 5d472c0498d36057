package io.sluice.source.poll.directory;

/** What events have as their key. */
public enum EventKey {
  /** They have none. */
  NONE,
  /** The file they were read from, relative to the directory. */
  FILE
}
