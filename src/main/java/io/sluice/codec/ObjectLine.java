package io.sluice.codec;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.sluice.event.Batch;
import io.sluice.event.Event;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * A JSON object on one line, while it is written: members in text, then the payload of an event.
 */
final class ObjectLine {
  private final StringBuilder text = new StringBuilder(256).append('{');

  /** A member that is a string. */
  void string(String name, String value) {
    JsonStringEncoder quote = JsonStringEncoder.getInstance();
    name(name).append('"').append(quote.quoteAsString(value)).append('"');
  }

  /** A member that is written as it is: a number, true or false. */
  void literal(String name, String value) {
    name(name).append(value);
  }

  /** A member that is an object with the members that follow, up to {@link #endObject}. */
  void beginObject(String name) {
    name(name).append('{');
  }

  void endObject() {
    text.append('}');
  }

  private StringBuilder name(String name) {
    if (text.charAt(text.length() - 1) != '{') {
      text.append(',');
    }
    return text.append('"')
        .append(JsonStringEncoder.getInstance().quoteAsString(name))
        .append("\":");
  }

  /**
   * Writes all of it, and the payload as its last member: {@code data} where it is JSON by its
   * content type and by what it is, else {@code data_base64}.
   */
  void end(Event event, OutputStream out) throws IOException {
    Batch batch = event.batch();
    int start = batch.start(event.index());
    int end = batch.end(event.index());
    if (Json.is(event.contentType()) && Json.holds(batch.region(), start, end)) {
      text.append(",\"data\":");
      flush(out);
      Json.onOneLine(batch.region(), start, end, out);
    } else {
      text.append(",\"data_base64\":\"");
      flush(out);
      ByteBuffer encoded =
          Base64.getEncoder().encode(ByteBuffer.wrap(batch.region(), start, end - start));
      out.write(encoded.array(), 0, encoded.limit());
      out.write('"');
    }
    out.write('}');
  }

  /** Writes all of it, without a payload. */
  void end(OutputStream out) throws IOException {
    text.append('}');
    flush(out);
  }

  private void flush(OutputStream out) throws IOException {
    byte[] utf8 = text.toString().getBytes(StandardCharsets.UTF_8);
    out.write(utf8, 0, utf8.length);
  }
}
