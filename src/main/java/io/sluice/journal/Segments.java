package io.sluice.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The segments that can be read, as writer and keeper change them and everybody sees them. */
final class Segments {
  private volatile View view;

  Segments(View view) {
    this.view = view;
  }

  View view() {
    return view;
  }

  synchronized void committed(Segment active) {
    view = new View(view.sealed(), active);
  }

  synchronized void rotated(Segment sealed, Segment active) {
    List<Segment> all = new ArrayList<>(view.sealed());
    all.add(sealed);
    view = new View(List.copyOf(all), active);
  }

  /** Takes the oldest segment out of sight when all of it lies before the ordinal. */
  synchronized Optional<Segment> dropBefore(long ordinal) {
    List<Segment> sealed = view.sealed();
    if (sealed.isEmpty() || sealed.get(0).next() > ordinal) {
      return Optional.empty();
    }
    view = new View(List.copyOf(sealed.subList(1, sealed.size())), view.active());
    return Optional.of(sealed.get(0));
  }
}
