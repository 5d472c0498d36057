package io.sluice.source.poll.sql;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import io.vertx.sqlclient.data.Numeric;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows as JSON objects, the columns in their order. Numbers are exact, moments are RFC 3339
 * in UTC, times without a zone the same without one, bytes are base64, JSON stays JSON, arrays are
 * arrays, and everything else is the text the client has for it. Confined to one thread.
 */
final class RowJson {
  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN).build();

  private final List<String> names;
  private final List<Shape.Form> forms;
  private final JsonGenerator out;

  /**
   * Begins.
   *
   * @param names of the columns
   * @param forms what is special about their values
   */
  RowJson(List<String> names, List<Shape.Form> forms, OutputStream out) {
    this.names = names;
    this.forms = forms;
    try {
      this.out = FACTORY.createGenerator(out);
      this.out.setRootValueSeparator(null);
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Writes one row, whole. */
  void write(Row row) {
    try {
      out.writeStartObject();
      for (int i = 0; i < names.size(); i++) {
        out.writeFieldName(names.get(i));
        Object value = row.getValue(i);
        Shape.Form form = forms.get(i);
        if (value != null && form == Shape.Form.JSON) {
          out.writeRawValue(value == Tuple.JSON_NULL ? "null" : Json.encode(value));
        } else if (value instanceof LocalDateTime moment && form == Shape.Form.MOMENT) {
          write(moment.atOffset(ZoneOffset.UTC));
        } else {
          write(value);
        }
      }
      out.writeEndObject();
      out.flush();
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private void write(@Nullable Object value) throws IOException {
    if (value == null) {
      out.writeNull();
    } else if (value instanceof String text) {
      out.writeString(text);
    } else if (value instanceof Boolean bool) {
      out.writeBoolean(bool);
    } else if (value instanceof Number number) {
      number(number);
    } else if (value instanceof Buffer bytes) {
      out.writeBinary(bytes.getBytes());
    } else if (value.getClass().isArray()) {
      out.writeStartArray();
      for (int i = 0; i < Array.getLength(value); i++) {
        write(Array.get(value, i));
      }
      out.writeEndArray();
    } else {
      out.writeString(Times.text(value).orElseGet(value::toString));
    }
  }

  private void number(Number number) throws IOException {
    if (number instanceof Numeric numeric && !numeric.isNaN()) {
      out.writeNumber(numeric.bigDecimalValue());
    } else if (number instanceof BigDecimal decimal) {
      out.writeNumber(decimal);
    } else if (number instanceof BigInteger integer) {
      out.writeNumber(integer);
    } else if (number instanceof Float single && Float.isFinite(single)) {
      out.writeNumber(single);
    } else if (number instanceof Double twice && Double.isFinite(twice)) {
      out.writeNumber(twice);
    } else if (number instanceof Float || number instanceof Double || number instanceof Numeric) {
      out.writeString(number.toString());
    } else {
      out.writeNumber(number.longValue());
    }
  }
}
