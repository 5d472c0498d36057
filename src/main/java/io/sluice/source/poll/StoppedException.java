package io.sluice.source.poll;

/** The poll was ended on purpose. Carries no stack trace. */
final class StoppedException extends RuntimeException {
  StoppedException() {
    super("the poll was ended", null, false, false);
  }
}
