package io.sluice.codec;

import io.sluice.event.Event;
import io.sluice.event.Position;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * One event as a CloudEvent in structured mode, in JSON (JSON Event Format 1.0.2), on one line.
 *
 * <p>What came as a CloudEvent has the attributes it came with, and no others but those of a dead
 * letter. Other events get an id that is their place in the stream, and the gateway's source as
 * theirs.
 */
final class CloudEventLine {
  /** The type of events that came without. */
  private static final String TYPE = "io.sluice.event";

  private CloudEventLine() {}

  static void write(String stream, Position position, Event event, OutputStream out)
      throws IOException {
    Map<String, String> attributes = new TreeMap<>(event.attributes());
    boolean came = attributes.containsKey(Attributes.SPECVERSION);
    ObjectLine line = new ObjectLine();
    line.string(Attributes.SPECVERSION, Attributes.VERSION);
    line.string(Attributes.ID, event.id().orElseGet(() -> stream + "/" + position));
    if (!came) {
      line.string(Attributes.SOURCE, event.batch().origin().source());
      line.string(Attributes.TYPE, TYPE);
      line.string(Attributes.CONTENT_TYPE, event.contentType());
      event.key().ifPresent(key -> line.string(Attributes.PARTITION_KEY, key));
    }
    if (!attributes.containsKey(Attributes.TIME) && (!came || event.timed())) {
      line.string(Attributes.TIME, event.time().toString());
    }
    attributes.remove(Attributes.SPECVERSION);
    String unquoted = attributes.remove(Attributes.UNQUOTED);
    Set<String> literals =
        unquoted == null ? Set.of() : Set.copyOf(Arrays.asList(unquoted.split(" ")));
    attributes.forEach(
        (name, value) -> {
          if (literals.contains(name)) {
            line.literal(name, value);
          } else {
            line.string(name, value);
          }
        });
    if (came && event.empty()) {
      line.end(out);
    } else {
      line.end(event, out);
    }
  }
}
