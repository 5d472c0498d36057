package io.sluice.codec;

import io.sluice.event.Batch;
import io.sluice.event.Position;
import java.io.IOException;
import java.io.OutputStream;

/** How events become lines of a file or a terminal: one event, one line. Stateless. */
public enum LineFormat {
  /**
   * The payload as it came, and a line feed. JSON that holds line feeds or carriage returns has
   * them written as spaces: between tokens they mean nothing, and inside a string JSON does not
   * allow them raw (RFC 8259, sections 2 and 7). Other payloads are left alone, so that one with
   * line feeds takes several lines.
   */
  PAYLOAD {
    @Override
    public void write(
        String stream, Position first, Batch batch, int from, int to, OutputStream out)
        throws IOException {
      byte[] region = batch.region();
      int start = batch.start(from);
      if (batch.lines()) {
        out.write(region, start, batch.end(to - 1) + 1 - start);
        return;
      }
      for (int i = from; i < to; i++) {
        if (Json.is(batch.event(i).contentType())) {
          Json.onOneLine(region, batch.start(i), batch.end(i), out);
        } else {
          out.write(region, batch.start(i), batch.end(i) - batch.start(i));
        }
        out.write('\n');
      }
    }
  },
  /** A CloudEvent as a JSON object; {@link CloudEventLine} says more. */
  CLOUDEVENTS {
    @Override
    public void write(
        String stream, Position first, Batch batch, int from, int to, OutputStream out)
        throws IOException {
      for (int i = from; i < to; i++) {
        CloudEventLine.write(stream, first.plus(i), batch.event(i), out);
        out.write('\n');
      }
    }
  },
  /**
   * A JSON object with {@code id}, {@code stream}, {@code position}, {@code source}, {@code time},
   * {@code contentType}, where known {@code key} and {@code attributes}, and the payload: as {@code
   * data} when it is JSON, else as {@code data_base64}.
   */
  ENVELOPE {
    @Override
    public void write(
        String stream, Position first, Batch batch, int from, int to, OutputStream out)
        throws IOException {
      for (int i = from; i < to; i++) {
        Envelope.write(stream, first.plus(i), batch.event(i), out);
        out.write('\n');
      }
    }
  };

  /**
   * Writes some events of a batch.
   *
   * @param stream the stream they are from
   * @param first the position of the batch's first event, whether or not it is among those written
   * @param from index of the first event to write
   * @param to behind the last event to write; above {@code from}
   * @param out takes the bytes in pieces; should be buffered
   */
  public abstract void write(
      String stream, Position first, Batch batch, int from, int to, OutputStream out)
      throws IOException;
}
