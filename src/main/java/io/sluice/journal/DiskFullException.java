package io.sluice.journal;

import java.io.IOException;

/** A write found no room on the disk, in the quota, or under the file size limit. */
final class DiskFullException extends IOException {
  DiskFullException(IOException cause) {
    super(cause.getMessage(), cause);
  }

  DiskFullException(String message) {
    super(message);
  }
}
