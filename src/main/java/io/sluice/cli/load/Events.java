package io.sluice.cli.load;

import java.nio.charset.StandardCharsets;
import java.util.Random;

/**
 * Generated events: JSON objects of six fields and a given size, whose ids are unique within a run
 * and, by the run's random mark, between runs.
 */
final class Events {
  private static final String HEAD = "{\"id\":\"";
  private static final String REST =
      "\",\"device\":\"sensor-0042\",\"kind\":\"temperature\",\"value\":21.5,"
          + "\"at\":\"2026-01-01T00:00:00Z\",\"note\":\"";
  private static final String TAIL = "\"}";
  private static final int MARK = 8;

  /** Hexadecimal digits of the number in an id. */
  static final int DIGITS = 12;

  /** Where those digits stand in an event. */
  static final int DIGITS_AT = HEAD.length() + MARK + 1;

  /** Bytes of the smallest event: one with an empty note. */
  static final int SMALLEST = DIGITS_AT + DIGITS + REST.length() + TAIL.length();

  private Events() {}

  /** An event of {@code size} bytes, the digits of its id all zero. */
  static byte[] template(int size, Random random) {
    StringBuilder event = new StringBuilder(size);
    event.append(HEAD);
    letters(event, MARK, random);
    event.append('-').append("0".repeat(DIGITS)).append(REST);
    letters(event, size - SMALLEST, random);
    return event.append(TAIL).toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static void letters(StringBuilder to, int count, Random random) {
    for (int i = 0; i < count; i++) {
      to.append((char) ('a' + random.nextInt(26)));
    }
  }
}
