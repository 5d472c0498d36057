package io.sluice.source.poll.directory;

import io.sluice.connector.Cursor;
import io.sluice.connector.PollException;
import io.sluice.connector.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done about the files that are there.
 *
 * @param read files that have or may have something new, in order
 * @param finished files of which all events are kept, and that nobody writes to any more
 * @param step what changes in the cursor before anything is read
 */
record Plan(List<Task> read, List<Found> finished, Step step) {
  /**
   * A file to be read.
   *
   * @param mark how far it was read
   * @param settled whether nobody writes to it any more
   */
  record Task(Found file, Optional<Mark> mark, boolean settled) {}

  /** Whether a file is settled. */
  @FunctionalInterface
  interface Settled {
    boolean test(Found file);
  }

  /**
   * Looks through all files.
   *
   * @throws PollException when the cursor has a part that is no mark
   */
  static Plan of(
      Survey survey, Cursor from, Known known, Settled settled, DirectoryTelemetry telemetry) {
    Map<String, Mark> marks = marks(from);
    Making making = new Making(survey, marks, telemetry);
    making.forget(known);
    for (Found file : survey.inOrder()) {
      making.look(file, known, settled.test(file));
    }
    return new Plan(making.read, making.finished, new Step(making.parts));
  }

  private static Map<String, Mark> marks(Cursor from) {
    Map<String, Mark> marks = new HashMap<>();
    from.parts()
        .forEach(
            (identity, text) ->
                marks.put(
                    identity,
                    Mark.parse(text)
                        .orElseThrow(
                            () ->
                                PollException.lasting(
                                    "cursor-unreadable",
                                    "the cursor's part "
                                        + identity
                                        + " was not written by this version"))));
    return marks;
  }

  private static final class Making {
    private final Survey survey;
    private final Map<String, Mark> marks;
    private final DirectoryTelemetry telemetry;
    private final Map<String, String> gone = new HashMap<>();
    private final List<Task> read = new ArrayList<>();
    private final List<Found> finished = new ArrayList<>();
    private final Map<String, Optional<String>> parts = new HashMap<>();

    Making(Survey survey, Map<String, Mark> marks, DirectoryTelemetry telemetry) {
      this.survey = survey;
      this.marks = marks;
      this.telemetry = telemetry;
    }

    /**
     * Lets go of marks whose files are not there any more: twice running, because a survey can miss
     * a file that is renamed meanwhile. Not when some could not be looked for, nor when there is no
     * file at all, as where a file system is not mounted.
     */
    void forget(Known known) {
      if (survey.files().isEmpty() || !survey.unreadable().isEmpty()) {
        return;
      }
      Set<String> missing = new HashSet<>();
      marks.forEach(
          (identity, mark) -> {
            if (!survey.files().containsKey(identity)) {
              missing.add(identity);
              gone.put(alias(identity, mark.name()), identity);
            }
          });
      for (String identity : known.missing(missing)) {
        parts.put(identity, Optional.empty());
      }
    }

    private static String alias(String identity, String name) {
      return Found.inode(identity) + " " + name;
    }

    void look(Found file, Known known, boolean settled) {
      Mark mark = mark(file);
      if (mark != null && mark.packed() < 0 && file.size() < mark.offset()) {
        telemetry.truncated(file.name(), file.size(), mark.offset());
        parts.put(file.identity(), Optional.empty());
        mark = null;
      }
      Optional<String> text = Optional.ofNullable(mark).map(Mark::text);
      if (known.quiet(file, text, settled)) {
        if (settled && mark != null && mark.complete(file.size())) {
          finished.add(file);
        }
      } else if (file.size() > 0 && (settled || !file.packed())) {
        read.add(new Task(file, Optional.ofNullable(mark), settled));
      }
    }

    /** The file's mark, also when only its device has another number than before. */
    private @Nullable Mark mark(Found file) {
      Mark mark = marks.get(file.identity());
      String before = mark == null ? gone.get(alias(file.identity(), file.name())) : null;
      if (before != null) {
        mark = marks.get(before);
      }
      if (mark == null || (mark.packed() >= 0) != file.packed()) {
        return null;
      }
      if (before != null) {
        // Where nothing new is read, nothing else would keep it under the file's new identity.
        parts.put(before, Optional.empty());
        parts.put(file.identity(), Optional.of(mark.text()));
      }
      return mark;
    }
  }
}
