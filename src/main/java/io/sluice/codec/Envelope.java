package io.sluice.codec;

import io.sluice.event.Event;
import io.sluice.event.Position;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.TreeMap;

/** One event with what is known of it, as a JSON object on one line. */
final class Envelope {
  private Envelope() {}

  static void write(String stream, Position position, Event event, OutputStream out)
      throws IOException {
    ObjectLine line = new ObjectLine();
    line.string("id", event.id().orElseGet(() -> stream + "/" + position));
    line.string("stream", stream);
    line.string("position", position.toString());
    line.string("source", event.batch().origin().source());
    line.string("time", event.time().toString());
    line.string("contentType", event.contentType());
    event.key().ifPresent(key -> line.string("key", key));
    Map<String, String> attributes = new TreeMap<>(event.attributes());
    attributes.remove(Attributes.UNQUOTED);
    if (!attributes.isEmpty()) {
      line.beginObject("attributes");
      attributes.forEach(line::string);
      line.endObject();
    }
    line.end(event, out);
  }
}
