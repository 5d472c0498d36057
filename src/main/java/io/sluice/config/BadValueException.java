package io.sluice.config;

/**
 * A settings record was given a value that it cannot have. Carries no stack trace: it becomes a
 * line for the operator.
 */
public final class BadValueException extends IllegalArgumentException {
  private final String key;

  public BadValueException(String key, String message) {
    super(message);
    this.key = key;
  }

  /** Which key of the record, possibly a path with slashes. */
  public String key() {
    return key;
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
