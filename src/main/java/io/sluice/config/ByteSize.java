package io.sluice.config;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes, written with a binary unit: {@code 512B}, {@code 64KiB}, {@code 10MiB}, {@code
 * 2GiB}, {@code 1TiB}.
 *
 * @param bytes at least 0
 */
@Text(what = "a size like 64KiB, 10MiB or 2GiB", pattern = "^[0-9]+ ?(B|KiB|MiB|GiB|TiB)$")
public record ByteSize(long bytes) implements Comparable<ByteSize> {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,19}) ?(B|KiB|MiB|GiB|TiB)");
  private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB");

  public ByteSize {
    if (bytes < 0) {
      throw new IllegalArgumentException("a size is not negative");
    }
  }

  /**
   * Reads a size.
   *
   * @throws IllegalArgumentException when it is not written as described, or beyond 2^63 - 1
   */
  public static ByteSize parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "must be a whole number and a unit of B, KiB, MiB, GiB or TiB, like 64KiB");
    }
    try {
      long unit = 1L << (10 * UNITS.indexOf(form.group(2)));
      return new ByteSize(Math.multiplyExact(Long.parseLong(form.group(1)), unit));
    } catch (ArithmeticException | NumberFormatException tooLarge) {
      throw new IllegalArgumentException("is larger than any size can be", tooLarge);
    }
  }

  @Override
  public int compareTo(ByteSize other) {
    return Long.compare(bytes, other.bytes);
  }

  @Override
  public String toString() {
    int unit = bytes == 0 ? 0 : Math.min(Long.numberOfTrailingZeros(bytes) / 10, UNITS.size() - 1);
    return (bytes >> (10 * unit)) + UNITS.get(unit);
  }
}
