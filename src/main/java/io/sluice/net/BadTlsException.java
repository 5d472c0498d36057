package io.sluice.net;

import java.nio.file.Path;

/** A file that TLS needs cannot be used; the message says which and why, for the operator. */
public final class BadTlsException extends Exception {
  private final String key;

  BadTlsException(String key, Path file, String why) {
    super(file + " " + why);
    this.key = key;
  }

  /** Where in the settings the file is named, as a path with slashes. */
  public String key() {
    return key;
  }
}
