package io.sluice.cli.send;

import java.util.ArrayList;
import java.util.List;

/** What came of a run so far. Confined to the command's thread. */
public final class Summary {
  private static final int KEPT_REJECTIONS = 100;

  private final List<Rejection> rejections = new ArrayList<>();
  private final long startNanos = System.nanoTime();
  private long requests;
  private long sent;
  private long bytes;
  private long accepted;
  private long duplicates;
  private long rejected;
  private long failed;
  private long retries;
  private String end = "";

  public void add(Result result) {
    requests++;
    sent += result.chunk().events();
    bytes += result.chunk().body().length();
    accepted += result.accepted();
    duplicates += result.duplicates();
    rejected += result.rejected();
    failed += result.failed();
    retries += result.retries();
    result.rejections().forEach(this::keep);
    if (end.isEmpty()) {
      end = result.end();
    }
  }

  /** Counts a line that was never sent. */
  public void add(Rejection rejection) {
    rejected++;
    keep(rejection);
  }

  private void keep(Rejection rejection) {
    if (rejections.size() < KEPT_REJECTIONS) {
      rejections.add(rejection);
    }
  }

  /** The first hundred lines that were not taken. */
  public List<Rejection> rejections() {
    return List.copyOf(rejections);
  }

  public long requests() {
    return requests;
  }

  public long sent() {
    return sent;
  }

  public long bytes() {
    return bytes;
  }

  public long accepted() {
    return accepted;
  }

  public long duplicates() {
    return duplicates;
  }

  public long rejected() {
    return rejected;
  }

  public long failed() {
    return failed;
  }

  public long retries() {
    return retries;
  }

  /** Why the run ended early; empty when it did not. */
  public String end() {
    return end;
  }

  public double seconds() {
    return Math.max(1, System.nanoTime() - startNanos) / 1e9;
  }
}
