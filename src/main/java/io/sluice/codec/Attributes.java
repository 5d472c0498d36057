package io.sluice.codec;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of one CloudEvent while they are read, each checked as CloudEvents 1.0.2 says in
 * its sections 2 and 3.
 *
 * <p>Those of events that follow each other mostly repeat, so what equals the event before shares
 * its strings. Used by one thread.
 */
final class Attributes {
  static final String SPECVERSION = "specversion";
  static final String ID = "id";
  static final String SOURCE = "source";
  static final String TYPE = "type";
  static final String TIME = "time";
  static final String CONTENT_TYPE = "datacontenttype";
  static final String PARTITION_KEY = "partitionkey";

  /**
   * Which attributes are Booleans and Integers, which JSON writes without quotes: their names, a
   * space between them. No attribute of a sender can have a name like this.
   */
  static final String UNQUOTED = "json-unquoted";

  static final String VERSION = "1.0";

  private static final List<String> NEEDED = List.of(ID, SOURCE, TYPE, SPECVERSION);

  /** What CloudEvents defines, beside {@link #NEEDED}; all strings, as far as JSON goes. */
  private static final List<String> OPTIONAL =
      List.of(TIME, CONTENT_TYPE, "subject", "dataschema", PARTITION_KEY);

  private static final int MAX = 100;
  private static final int MAX_NAME = 255;

  private final Map<String, String> now = new HashMap<>();
  private final List<String> unquoted = new ArrayList<>();
  private Map<String, String> before = Map.of();
  private @Nullable Instant time;

  /** Forgets the event before, as far as it was not the same. */
  void clear() {
    now.clear();
    unquoted.clear();
    time = null;
  }

  /**
   * Takes an attribute.
   *
   * @param quoted false for a Boolean or Integer, as JSON writes them
   * @return what is wrong with it, if anything
   */
  Optional<String> put(String name, String value, boolean quoted) {
    if (!named(name)) {
      return Optional.of("the name of an attribute has lower-case letters and digits only");
    }
    if (now.size() == MAX) {
      return Optional.of("more than " + MAX + " attributes");
    }
    String wrong = wrong(name, value, quoted);
    if (wrong != null) {
      return Optional.of(name + " " + wrong);
    }
    String same = before.get(name);
    if (now.put(name, value.equals(same) ? same : value) != null) {
      return Optional.of(name + " is there twice");
    }
    if (!quoted) {
      unquoted.add(name);
    }
    return Optional.empty();
  }

  private @Nullable String wrong(String name, String value, boolean quoted) {
    boolean needed = NEEDED.contains(name);
    if (!quoted) {
      return needed || OPTIONAL.contains(name) ? "is not a string" : null;
    }
    if (needed && value.isEmpty()) {
      return "is empty";
    }
    if (name.equals("data")) {
      return "is not an attribute's name";
    }
    if (name.equals(SPECVERSION) && !value.equals(VERSION)) {
      return "is not " + VERSION;
    }
    if (name.equals(TIME)) {
      time = Timestamps.read(value).orElse(null);
      return time == null ? "is not a timestamp (RFC 3339)" : null;
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < ' ' || (c >= 0x7F && c <= 0x9F)) {
        return "has a control character";
      }
    }
    return null;
  }

  private static boolean named(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if ((c < 'a' || c > 'z') && (c < '0' || c > '9')) {
        return false;
      }
    }
    return !name.isEmpty() && name.length() <= MAX_NAME;
  }

  /** Those that have to be there and are not; in the order of the specification. */
  List<String> missing() {
    List<String> missing = new ArrayList<>(NEEDED);
    missing.removeIf(now::containsKey);
    return missing;
  }

  /** The value of an attribute that is there. */
  @Nullable String value(String name) {
    return now.get(name);
  }

  /** When the event happened, if it says so. */
  @Nullable Instant time() {
    return time;
  }

  /**
   * All of them that have no column of their own. The time is among them where its column cannot
   * give it back as it was written, as with an offset.
   */
  Map<String, String> rest() {
    now.remove(ID);
    if (time != null && time.toString().equals(now.get(TIME))) {
      now.remove(TIME);
    }
    if (!unquoted.isEmpty()) {
      now.put(UNQUOTED, String.join(" ", unquoted));
    }
    if (!now.equals(before)) {
      before = Map.copyOf(now);
    }
    return before;
  }
}
