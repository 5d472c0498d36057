package io.sluice.source.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.sluice.codec.Fault;
import io.sluice.event.Ack;
import io.sluice.event.Receipt;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The answer to a request whose events are kept. Immutable.
 *
 * @param ack what was true when it was made
 * @param body the JSON that says so
 */
record Success(Ack ack, Buffer body) {
  private static final JsonFactory JSON = new JsonFactory();

  /** By far the most frequent answer, one for each level, made once. */
  private static final Map<Ack, Success> ONE = new EnumMap<>(Ack.class);

  static {
    for (Ack ack : Ack.values()) {
      ONE.put(ack, made(new Receipt.Kept(ack, 1, 0), List.of()));
    }
  }

  static Success of(Receipt.Kept kept, List<Fault> rejected) {
    Success one = ONE.get(kept.ack());
    boolean usual = kept.events() == 1 && kept.duplicates() == 0 && rejected.isEmpty();
    return usual && one != null ? one : made(kept, rejected);
  }

  private static Success made(Receipt.Kept kept, List<Fault> rejected) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);
    try (JsonGenerator out = JSON.createGenerator(bytes)) {
      out.writeStartObject();
      out.writeNumberField("accepted", kept.events());
      out.writeNumberField("duplicates", kept.duplicates());
      out.writeStringField("ack", kept.ack().word());
      if (!rejected.isEmpty()) {
        out.writeArrayFieldStart("rejected");
        for (Fault fault : rejected) {
          out.writeStartObject();
          out.writeNumberField("index", fault.index());
          out.writeNumberField("line", fault.line());
          out.writeNumberField("offset", fault.offset());
          out.writeStringField("code", fault.flaw().word());
          out.writeStringField("detail", fault.detail());
          out.writeEndObject();
        }
        out.writeEndArray();
      }
      out.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return new Success(kept.ack(), Buffer.buffer(bytes.toByteArray()));
  }

  /** The status, for a client that wants no body or one that does. */
  int status(boolean minimal) {
    if (minimal) {
      return 204;
    }
    return ack == Ack.DELIVERED ? 200 : 202;
  }
}
