package io.sluice.connector;

/**
 * Leave to work on something that came: to look through it and have it kept. Confined to the event
 * loop of its {@link Inlet}.
 */
@FunctionalInterface
public interface Work {
  /** It is kept, or given up. Does nothing when it was said before. */
  void end();
}
