package io.sluice.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Gathers what is wrong while a configuration is read, so that all of it is told at once. Knows
 * where every value stands, and hides every secret it was told of. Used by one thread.
 */
public final class Problems {
  private final Path start;
  private final List<Problem> all = new ArrayList<>();
  private final Map<String, Place> places = new HashMap<>();
  private final Set<String> secrets = new HashSet<>();

  /**
   * Begins with nothing wrong.
   *
   * @param start the file to name when nothing else is known
   */
  Problems(Path start) {
    this.start = start;
  }

  /** Where a value and its key stand. */
  record Place(Path file, int keyLine, int keyColumn, int line, int column) {}

  /** What is wrong with the value at {@code pointer}, without gathering it. */
  public Problem at(String pointer, String message, String suggestion) {
    Place place = place(pointer);
    return hidden(
        new Problem(
            Problem.Severity.ERROR,
            place.file(),
            pointer,
            place.line(),
            place.column(),
            message,
            Optional.of(suggestion)));
  }

  /** Something wrong with the value at {@code pointer}. */
  public void error(String pointer, String message, Optional<String> suggestion) {
    Place place = place(pointer);
    add(pointer, place.file(), place.line(), place.column(), message, suggestion);
  }

  public void error(String pointer, String message) {
    error(pointer, message, Optional.empty());
  }

  /**
   * A name at {@code pointer} that means nothing.
   *
   * @param known the names that would; the nearest is suggested
   */
  public void unknown(String pointer, String message, String name, Collection<String> known) {
    error(pointer, message, Nearest.hint(name, known));
  }

  /** Something wrong with the key itself at {@code pointer}. */
  void badKey(String pointer, String message, Optional<String> suggestion) {
    Place place = place(pointer);
    add(pointer, place.file(), place.keyLine(), place.keyColumn(), message, suggestion);
  }

  /** Something wrong with a whole file. */
  void badFile(Path file, String message) {
    add("", file, 0, 0, message, Optional.empty());
  }

  void add(Problem problem) {
    all.add(problem);
  }

  private void add(
      String pointer,
      Path file,
      int line,
      int column,
      String message,
      Optional<String> suggestion) {
    all.add(new Problem(Problem.Severity.ERROR, file, pointer, line, column, message, suggestion));
  }

  /** Something that works but is probably not meant, at the value at {@code pointer}. */
  public void warning(String pointer, String message) {
    Place place = place(pointer);
    all.add(
        new Problem(
            Problem.Severity.WARNING,
            place.file(),
            pointer,
            place.line(),
            place.column(),
            message,
            Optional.empty()));
  }

  void locate(String pointer, Place place) {
    places.put(pointer, place);
  }

  /** Makes sure that {@code secret} is in no message. */
  void hide(String secret) {
    if (!secret.isEmpty()) {
      secrets.add(secret);
    }
  }

  /** Ends the gathering: {@code value} is good when no error was found. */
  public <T> Checked<T> toChecked(Optional<T> value) {
    List<Problem> told = list();
    if (value.isPresent() && told.stream().noneMatch(Problem::error)) {
      return new Checked.Good<>(value.get(), told);
    }
    return new Checked.Bad<>(told);
  }

  /** Everything so far, in reading order. */
  public List<Problem> list() {
    if (all.isEmpty()) {
      return List.of(); // as nearly always, and the order takes a start a while to make
    }
    return all.stream().map(this::hidden).distinct().sorted(Problem.IN_READING_ORDER).toList();
  }

  private Problem hidden(Problem problem) {
    return new Problem(
        problem.severity(),
        problem.file(),
        problem.pointer(),
        problem.line(),
        problem.column(),
        hidden(problem.message()),
        problem.suggestion().map(this::hidden));
  }

  private String hidden(String text) {
    String clean = text;
    for (String secret : secrets) {
      clean = clean.replace(secret, Secret.MASK);
    }
    return clean;
  }

  /** Of what is missing, the nearest thing around it that stands somewhere. */
  private Place place(String pointer) {
    String around = pointer;
    while (true) {
      Place place = places.get(around);
      if (place != null) {
        return place;
      }
      if (around.isEmpty()) {
        return new Place(start, 0, 0, 0, 0);
      }
      around = around.substring(0, around.lastIndexOf('/'));
    }
  }
}
