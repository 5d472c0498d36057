package io.sluice.codec;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.sluice.event.Batch;
import io.sluice.event.Event;
import io.sluice.event.Position;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;

/** One event with what is known of it, as a JSON object on one line. */
final class Envelope {
  private Envelope() {}

  static void write(String stream, Position position, Event event, OutputStream out)
      throws IOException {
    Batch batch = event.batch();
    String contentType = batch.origin().contentType();
    StringBuilder head = new StringBuilder(256).append('{');
    text(head, "id", event.id().orElseGet(() -> stream + "/" + position));
    text(head.append(','), "stream", stream);
    text(head.append(','), "position", position.toString());
    text(head.append(','), "source", batch.origin().source());
    text(head.append(','), "time", event.time().toString());
    text(head.append(','), "contentType", contentType);
    event.key().ifPresent(key -> text(head.append(','), "key", key));
    attributes(head, event.attributes());
    int start = batch.start(event.index());
    int end = batch.end(event.index());
    if (Json.is(contentType)) {
      bytes(head.append(",\"data\":"), out);
      Json.onOneLine(batch.region(), start, end, out);
      out.write('}');
    } else {
      bytes(head.append(",\"data_base64\":\""), out);
      ByteBuffer encoded =
          Base64.getEncoder().encode(ByteBuffer.wrap(batch.region(), start, end - start));
      out.write(encoded.array(), 0, encoded.limit());
      out.write('"');
      out.write('}');
    }
  }

  private static void attributes(StringBuilder head, Map<String, String> attributes) {
    if (attributes.isEmpty()) {
      return;
    }
    head.append(",\"attributes\":{");
    Iterator<Map.Entry<String, String>> all = new TreeMap<>(attributes).entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<String, String> attribute = all.next();
      text(head, attribute.getKey(), attribute.getValue());
      if (all.hasNext()) {
        head.append(',');
      }
    }
    head.append('}');
  }

  private static void text(StringBuilder head, String name, String value) {
    JsonStringEncoder quote = JsonStringEncoder.getInstance();
    head.append('"').append(quote.quoteAsString(name)).append("\":\"");
    head.append(quote.quoteAsString(value)).append('"');
  }

  private static void bytes(StringBuilder text, OutputStream out) throws IOException {
    byte[] utf8 = text.toString().getBytes(StandardCharsets.UTF_8);
    out.write(utf8, 0, utf8.length);
  }
}
