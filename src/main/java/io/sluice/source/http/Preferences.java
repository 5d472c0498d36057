package io.sluice.source.http;

import io.sluice.event.Ack;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a client prefers (RFC 7240). Preferences that are unknown or make no sense are passed over,
 * as the RFC says; of several of one name the first holds.
 *
 * @param ack what must be true before the answer, null when it did not say
 * @param waitSeconds how long it waits for the answer, -1 when it did not say
 * @param minimal whether it wants no body in the answer to a success
 * @param lenient whether the valid events are to be taken when others are not
 */
record Preferences(@Nullable Ack ack, int waitSeconds, boolean minimal, boolean lenient) {
  static final Preferences NONE = new Preferences(null, -1, false, false);

  /** Reads the values of all {@code Prefer} headers. */
  static Preferences read(List<String> values) {
    Reading reading = new Reading();
    for (String value : values) {
      reading.preferences(value);
    }
    return new Preferences(
        reading.ack,
        reading.waitSeconds,
        "minimal".equals(reading.result),
        "lenient".equals(reading.handling));
  }

  /** The {@code Preference-Applied} of an answer at level {@code held}; empty when none was. */
  String applied(@Nullable Ack held) {
    if (equals(NONE)) {
      return "";
    }
    StringBuilder applied = new StringBuilder(48);
    if (ack != null && held != null) {
      add(applied, "ack=").append(held.word());
    }
    if (waitSeconds >= 0) {
      add(applied, "wait=").append(waitSeconds);
    }
    if (minimal) {
      add(applied, "return=minimal");
    }
    if (lenient) {
      add(applied, "handling=lenient");
    }
    return applied.toString();
  }

  private static StringBuilder add(StringBuilder to, String preference) {
    return to.append(to.isEmpty() ? "" : ", ").append(preference);
  }

  /** What was read so far. */
  private static final class Reading {
    private @Nullable Ack ack;
    private int waitSeconds = -1;
    private @Nullable String result;
    private @Nullable String handling;

    void preferences(String value) {
      int start = 0;
      boolean quoted = false;
      for (int i = 0; i <= value.length(); i++) {
        if (i == value.length() || (value.charAt(i) == ',' && !quoted)) {
          preference(value.substring(start, i));
          start = i + 1;
        } else if (value.charAt(i) == '"') {
          quoted = !quoted;
        }
      }
    }

    private void preference(String text) {
      int end = text.indexOf(';');
      String pair = end < 0 ? text : text.substring(0, end);
      int equals = pair.indexOf('=');
      if (equals < 0) {
        return;
      }
      String value = unquoted(pair.substring(equals + 1).strip());
      switch (pair.substring(0, equals).strip().toLowerCase(Locale.ROOT)) {
        case "ack" -> ack = ack == null ? ack(value) : ack;
        case "wait" -> waitSeconds = waitSeconds < 0 ? seconds(value) : waitSeconds;
        case "return" -> result = result == null ? value : result;
        case "handling" -> handling = handling == null ? value : handling;
        default -> {}
      }
    }

    private static String unquoted(String value) {
      boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
      return (quoted ? value.substring(1, value.length() - 1) : value).toLowerCase(Locale.ROOT);
    }

    private static @Nullable Ack ack(String word) {
      return switch (word) {
        case "accepted" -> Ack.ACCEPTED;
        case "stored" -> Ack.STORED;
        case "delivered" -> Ack.DELIVERED;
        default -> null;
      };
    }

    private static int seconds(String digits) {
      if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
        return -1;
      }
      return digits.length() > 6 ? 999_999 : Integer.parseInt(digits);
    }
  }
}
