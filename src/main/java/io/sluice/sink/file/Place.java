package io.sluice.sink.file;

import java.nio.file.Path;

/**
 * A file that is about to be written.
 *
 * @param number its number in the rotation
 * @param length how long it is already
 * @param begun whether it does not exist yet
 */
record Place(Path file, int number, long length, boolean begun) {}
