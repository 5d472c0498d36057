package io.sluice.sink.file;

/** An event's values cannot be part of a path. Its message never repeats them. */
final class UnfitPathException extends Exception {
  UnfitPathException(String why) {
    super(why, null, false, false);
  }
}
