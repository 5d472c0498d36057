package io.sluice.sink.file;

import io.sluice.event.Origin;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A path with places for what is known of an event. Immutable.
 *
 * <p>Whatever is put in is at most 64 of {@code A-Z a-z 0-9 . _ -}, starts with no dot and is no
 * name that some system reserves; so no event can lead out of the fixed directory the template
 * starts with. That is checked again on the finished path.
 */
final class PathTemplate {
  private static final Pattern PLACE = Pattern.compile("\\{([^{}]*)}");
  private static final Set<String> NAMES =
      Set.of("stream", "sink", "source", "key", "date", "hour", "seq");
  private static final Pattern FIT = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}");
  private static final Pattern RESERVED =
      Pattern.compile("(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\\..*)?");
  private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("uuuu-MM-dd");
  private static final DateTimeFormatter HOUR = DateTimeFormatter.ofPattern("HH");

  /** Stands for the number while a path is put together; cannot come from anywhere else. */
  private static final char NUMBER = '\0';

  /** Literal texts and the names of places, in turn, starting and ending with a text. */
  private final List<String> parts;

  private final Path root;
  private final String ending;

  private PathTemplate(List<String> parts, Path root, String ending) {
    this.parts = parts;
    this.root = root;
    this.ending = ending;
  }

  /**
   * Reads a template.
   *
   * @param ending added to file names that do not end so
   * @throws IllegalArgumentException with what is wrong, to be read after the key's name
   */
  static PathTemplate parse(String text, String ending) {
    if (text.chars().anyMatch(c -> c < ' ' || c == 127)) {
      throw new IllegalArgumentException("holds a control character");
    }
    List<String> parts = new ArrayList<>();
    Matcher places = PLACE.matcher(text);
    int end = 0;
    while (places.find()) {
      if (!NAMES.contains(places.group(1))) {
        throw new IllegalArgumentException(
            "knows no {" + places.group(1) + "}; there are " + String.join(", ", sorted()));
      }
      parts.add(text.substring(end, places.start()));
      parts.add(places.group(1));
      end = places.end();
    }
    parts.add(text.substring(end));
    for (int i = 0; i < parts.size(); i += 2) {
      if (parts.get(i).contains("{") || parts.get(i).contains("}")) {
        throw new IllegalArgumentException("has a brace without its other half");
      }
    }
    String fixed = parts.get(0);
    String name = text.substring(text.lastIndexOf('/') + 1);
    if (name.isEmpty() || name.equals(".") || name.equals("..")) {
      throw new IllegalArgumentException("does not end in a file name");
    }
    int number = text.indexOf("{seq}");
    if (number >= 0 && (number != text.lastIndexOf("{seq}") || text.indexOf('/', number) >= 0)) {
      throw new IllegalArgumentException("may hold {seq} once, in the file name");
    }
    if (parts.stream().skip(1).anyMatch(part -> part.contains("../") || part.contains("/.."))) {
      throw new IllegalArgumentException("may not hold .. behind a place");
    }
    try {
      Path root = Path.of(fixed.substring(0, fixed.lastIndexOf('/') + 1)).toAbsolutePath();
      return new PathTemplate(
          List.copyOf(parts), root.normalize(), name.endsWith(ending) ? "" : ending);
    } catch (InvalidPathException odd) {
      throw new IllegalArgumentException("is not a path: " + odd.getReason(), odd);
    }
  }

  private static List<String> sorted() {
    return NAMES.stream().sorted().toList();
  }

  /** The directory that no file can be outside of; absolute. */
  Path root() {
    return root;
  }

  /** Whether events of one batch can belong to different files. */
  boolean perEvent() {
    for (int i = 1; i < parts.size(); i += 2) {
      if (parts.get(i).equals("key")) {
        return true;
      }
    }
    return false;
  }

  /**
   * Where an event goes.
   *
   * @param key the event's, or {@code _} where it has none
   * @throws UnfitPathException when a value may not be part of a path
   */
  Target resolve(String sink, String stream, Origin origin, String key) throws UnfitPathException {
    ZonedDateTime received = origin.received().atZone(ZoneOffset.UTC);
    StringBuilder path = new StringBuilder(parts.get(0));
    boolean numbered = false;
    for (int i = 1; i < parts.size(); i += 2) {
      switch (parts.get(i)) {
        case "stream" -> path.append(fit("stream", stream));
        case "sink" -> path.append(fit("sink", sink));
        case "source" -> path.append(fit("source", origin.source()));
        case "key" -> path.append(fit("key", key));
        case "date" -> path.append(fit("date", DATE.format(received)));
        case "hour" -> path.append(HOUR.format(received));
        default -> {
          path.append(NUMBER);
          numbered = true;
        }
      }
      path.append(parts.get(i + 1));
    }
    return target(path.append(ending).toString(), numbered);
  }

  private Target target(String text, boolean numbered) throws UnfitPathException {
    int slash = text.lastIndexOf('/');
    Path directory = Path.of(text.substring(0, slash + 1)).toAbsolutePath().normalize();
    String name = text.substring(slash + 1);
    int split = numbered ? name.indexOf(NUMBER) : stem(name);
    Target target =
        new Target(
            directory,
            name.substring(0, split),
            name.substring(numbered ? split + 1 : split),
            numbered);
    Path file = target.file(1).normalize();
    if (!directory.startsWith(root) || !directory.equals(file.getParent())) {
      throw new UnfitPathException("the path leads out of " + root);
    }
    if (file.getFileName().toString().length() > 255) {
      throw new UnfitPathException("the file name is longer than 255");
    }
    return target;
  }

  /** How long the name is without its extensions, where {@code .gz} and {@code .zst} count too. */
  private static int stem(String name) {
    int end = name.length();
    for (Compression compression : Compression.values()) {
      String suffix = compression.suffix();
      if (!suffix.isEmpty() && name.endsWith(suffix)) {
        end -= suffix.length();
      }
    }
    int dot = name.lastIndexOf('.', end - 1);
    return dot > 0 ? dot : end;
  }

  private static String fit(String what, String value) throws UnfitPathException {
    if (!FIT.matcher(value).matches()
        || value.endsWith(".")
        || RESERVED.matcher(value.toLowerCase(Locale.ROOT)).matches()) {
      throw new UnfitPathException("the " + what + " cannot be part of a path");
    }
    return value;
  }
}
