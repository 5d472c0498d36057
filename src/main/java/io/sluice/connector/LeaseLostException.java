package io.sluice.connector;

/** Somebody else holds the lease by now. Carries no stack trace: it is normal among replicas. */
public final class LeaseLostException extends RuntimeException {
  public LeaseLostException(String detail) {
    super(detail, null, false, false);
  }
}
