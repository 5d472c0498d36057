package io.sluice.source.websocket;

/** How a message holds its events. */
public enum SplitBy {
  /** A message is one event. */
  MESSAGES,
  /** Each line of a message is one event; blank lines are none. */
  LINES
}
