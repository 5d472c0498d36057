package io.sluice.sink.file;

import java.nio.file.Path;
import java.util.Locale;

/**
 * A path with its number left open: the files that follow each other by rotation.
 *
 * @param directory absolute and normalised
 * @param prefix of the file's name, before the number
 * @param suffix of the file's name, behind the number
 * @param numbered whether the template has a place for the number; else the first file goes without
 *     and the others get {@code -0001} and so on
 */
record Target(Path directory, String prefix, String suffix, boolean numbered) {
  Path file(int number) {
    String middle =
        numbered
            ? String.format(Locale.ROOT, "%04d", number)
            : number == 0 ? "" : String.format(Locale.ROOT, "-%04d", number);
    return directory.resolve(prefix + middle + suffix);
  }

  /** The number in the name of one of these files, or -1 when it is another's. */
  int numberIn(String name) {
    if (name.length() < prefix.length() + suffix.length()
        || !name.startsWith(prefix)
        || !name.endsWith(suffix)) {
      return -1;
    }
    String middle = name.substring(prefix.length(), name.length() - suffix.length());
    if (!numbered) {
      if (middle.isEmpty()) {
        return 0;
      }
      if (middle.charAt(0) != '-') {
        return -1;
      }
      middle = middle.substring(1);
    }
    return middle.matches("[0-9]{4,9}") ? Integer.parseInt(middle) : -1;
  }
}
