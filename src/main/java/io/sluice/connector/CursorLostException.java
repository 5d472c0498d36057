package io.sluice.connector;

import java.io.IOException;

/** What is kept of a cursor is damaged, or was written by a newer version. */
public final class CursorLostException extends IOException {
  public CursorLostException(String detail) {
    super(detail);
  }

  public CursorLostException(String detail, Throwable cause) {
    super(detail, cause);
  }
}
