package io.sluice.source.poll.http;

import io.sluice.codec.Timestamps;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A value that a cursor can have, in an order that does not depend on what is compared: numbers
 * before times before other text. Numbers and times may stand in JSON strings.
 */
final class Mark implements Comparable<Mark> {
  static final int MAX_LENGTH = 1024;

  private static final Pattern NUMBER =
      Pattern.compile("-?[0-9]{1,500}(\\.[0-9]{1,500})?([eE][+-]?[0-9]{1,4})?");

  private final String text;
  private final Optional<BigDecimal> number;
  private final Optional<Instant> time;

  private Mark(String text, Optional<BigDecimal> number, Optional<Instant> time) {
    this.text = text;
    this.number = number;
    this.time = time;
  }

  static Mark of(String text) {
    if (NUMBER.matcher(text).matches()) {
      return new Mark(text, Optional.of(new BigDecimal(text)), Optional.empty());
    }
    return new Mark(text, Optional.empty(), Timestamps.read(text));
  }

  String text() {
    return text;
  }

  private int kind() {
    return number.isPresent() ? 0 : time.isPresent() ? 1 : 2;
  }

  @Override
  public int compareTo(Mark other) {
    if (kind() != other.kind()) {
      return Integer.compare(kind(), other.kind());
    } else if (number.isPresent()) {
      return number.get().compareTo(other.number.orElseThrow());
    } else if (time.isPresent()) {
      return time.get().compareTo(other.time.orElseThrow());
    }
    return text.compareTo(other.text);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Mark mark && compareTo(mark) == 0;
  }

  @Override
  public int hashCode() {
    return kind();
  }

  @Override
  public String toString() {
    return text;
  }
}
