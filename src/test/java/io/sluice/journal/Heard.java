package io.sluice.journal;

import static org.awaitility.Awaitility.await;

import io.sluice.event.Refusal;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Keeps what a journal answered. */
final class Heard implements Commits {
  private final List<Appended> committed = new ArrayList<>();
  private final Map<Appended, Refusal> refused = new LinkedHashMap<>();
  private final List<Appended> failed = new ArrayList<>();
  private int failures;
  private int groups;

  @Override
  public synchronized void committed(List<Appended> group) {
    committed.addAll(group);
    groups++;
  }

  @Override
  public synchronized void refused(List<Appended> group, Refusal why) {
    group.forEach(each -> refused.put(each, why));
  }

  @Override
  public synchronized void failed(List<Appended> group, IOException cause) {
    failed.addAll(group);
    failures++;
  }

  synchronized List<Appended> committed() {
    return List.copyOf(committed);
  }

  synchronized Map<Appended, Refusal> refused() {
    return Map.copyOf(refused);
  }

  synchronized List<Appended> failed() {
    return List.copyOf(failed);
  }

  synchronized int failures() {
    return failures;
  }

  synchronized int groups() {
    return groups;
  }

  private synchronized int answers() {
    return committed.size() + refused.size() + failed.size();
  }

  Heard awaitAnswers(int answers) {
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .atMost(Duration.ofSeconds(20))
        .until(() -> answers() >= answers);
    return this;
  }
}
