package io.sluice.app;

import io.sluice.event.Refusal;
import io.sluice.journal.Appended;
import io.sluice.journal.Commits;
import io.sluice.journal.Journal;
import io.sluice.journal.JournalOptions;
import io.sluice.stream.JournalOpening;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/**
 * A disk that takes as long as the test wants: what journals wrote is told only once it is let go.
 * Any thread.
 */
final class SlowDisk implements JournalOpening {
  private final Queue<Runnable> untold = new ArrayDeque<>();
  private int events;
  private boolean slow;

  @Override
  public Journal open(Path directory, JournalOptions options, Commits commits) throws IOException {
    return Journal.open(directory, options, new Later(commits));
  }

  synchronized void hold() {
    slow = true;
  }

  /** Tells everything that is held back, and the rest as it comes. */
  synchronized void letGo() {
    slow = false;
    untold.forEach(Runnable::run);
    untold.clear();
    events = 0;
  }

  /** How many events are written and not told. */
  synchronized int held() {
    return events;
  }

  private synchronized void tell(int more, Runnable told) {
    if (slow) {
      events += more;
      untold.add(told);
    } else {
      told.run();
    }
  }

  private final class Later implements Commits {
    private final Commits listener;

    Later(Commits listener) {
      this.listener = listener;
    }

    @Override
    public void committed(List<Appended> group) {
      List<Appended> copy = List.copyOf(group);
      tell(
          copy.stream().mapToInt(each -> each.batch().size()).sum(),
          () -> listener.committed(copy));
    }

    @Override
    public void refused(List<Appended> group, Refusal why) {
      List<Appended> copy = List.copyOf(group);
      tell(0, () -> listener.refused(copy, why));
    }

    @Override
    public void failed(List<Appended> group, IOException cause) {
      List<Appended> copy = List.copyOf(group);
      tell(0, () -> listener.failed(copy, cause));
    }

    @Override
    public void forced(long nanos) {
      listener.forced(nanos);
    }
  }
}
