package io.sluice.journal;

import java.io.IOException;
import java.util.List;

/**
 * One directory of a disk, as far as a journal needs it. Names are plain file names in it.
 *
 * <p>Full disks are told apart by {@link DiskFullException}; any other exception is the disk
 * failing. Safe to use from several threads as long as they use different names.
 */
interface Disk {
  /** Takes the directory for this process alone, until {@link #unlock}. */
  void lock() throws IOException;

  void unlock() throws IOException;

  /** The names of all files, in no particular order. */
  List<String> list() throws IOException;

  /** Opens an existing file to read. */
  DiskFile read(String name) throws IOException;

  /** Opens a file to read and write, and creates it where there is none. */
  DiskFile write(String name) throws IOException;

  /** Replaces {@code to} where it exists, atomically. */
  void rename(String from, String to) throws IOException;

  /** Does nothing where there is no such file. */
  void delete(String name) throws IOException;

  /** Forces names: what was created, renamed and deleted before is so after a power cut. */
  void sync() throws IOException;

  /** How many bytes can still be written, as far as the system can tell. */
  long room() throws IOException;

  /** What to call it in messages. */
  String name();
}
