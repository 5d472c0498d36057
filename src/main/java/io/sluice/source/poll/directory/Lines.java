package io.sluice.source.poll.directory;

import io.sluice.codec.BadFrame;
import io.sluice.codec.Content;
import io.sluice.codec.Framing;
import io.sluice.codec.Records;
import io.sluice.connector.Step;
import io.sluice.event.Batch;
import io.sluice.event.Columns;
import io.sluice.event.Origin;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The lines found in one region, of one file after the other. Used by one thread, once. */
final class Lines implements Framing.Found {
  private final byte[] region;
  private final DirectoryTelemetry telemetry;
  private final Records records;
  private final List<String> keys = new ArrayList<>();
  private final boolean keyed;
  private final Map<String, Optional<String>> parts;

  private String file = "";
  private long ahead;
  private int behind;
  private int filled;

  /**
   * None yet.
   *
   * @param bytes how large the region is
   * @param keyed whether the lines have their file as their key
   * @param step what changes in the cursor beside the files' marks
   */
  Lines(int bytes, boolean keyed, Step step, DirectoryTelemetry telemetry) {
    this.region = new byte[bytes];
    this.keyed = keyed;
    this.parts = new HashMap<>(step.parts());
    this.telemetry = telemetry;
    this.records = new Records(region, Content.ANY, true, why -> true);
  }

  byte[] region() {
    return region;
  }

  /**
   * What is found from now on is of this file.
   *
   * @param ahead what to add to a place in the region to get that in the file
   * @param from where its bytes begin in the region
   * @param to where they end
   */
  void enter(String file, long ahead, int from, int to) {
    this.file = file;
    this.ahead = ahead;
    this.behind = from;
    this.filled = to;
  }

  @Override
  public void record(int start, int end) {
    behind = end;
    records.record(start, end);
    if (keyed) {
      keys.add(file);
    }
  }

  @Override
  public boolean bad(BadFrame why) {
    int start = behind;
    while (start < filled && (region[start] == '\n' || region[start] == '\r')) {
      start++;
    }
    telemetry.tooLong(file, start + ahead);
    behind = feed(start, filled);
    return true;
  }

  /** The first line feed, or {@code to}. */
  int feed(int from, int to) {
    while (from < to && region[from] != '\n') {
      from++;
    }
    return from;
  }

  /** A file was read up to its mark. */
  void reached(String identity, Mark mark) {
    parts.put(identity, Optional.of(mark.text()));
  }

  /** What changes in the cursor with these lines. */
  Step step() {
    return new Step(parts);
  }

  /** The lines; empty when there are none. The region is given away. */
  Optional<Batch> batch(Origin origin) {
    if (records.size() == 0) {
      return Optional.empty();
    }
    Batch batch = records.batch(origin);
    return Optional.of(keyed ? keyed(batch) : batch);
  }

  private Batch keyed(Batch batch) {
    int[] bounds = new int[2 * batch.size()];
    for (int i = 0; i < batch.size(); i++) {
      bounds[2 * i] = batch.start(i);
      bounds[2 * i + 1] = batch.end(i);
    }
    Columns columns =
        new Columns(List.of(), List.copyOf(keys), List.of(), List.<Map<String, String>>of());
    return Batch.of(batch.region(), bounds, batch.lines(), batch.origin(), columns);
  }
}
