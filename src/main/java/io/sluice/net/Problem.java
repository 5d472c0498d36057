package io.sluice.net;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/**
 * What is wrong with a request, as RFC 9457 has it. The {@code type} is always {@code about:blank};
 * {@code code} is what programs tell problems apart by.
 *
 * @param status the HTTP status
 * @param code one of a fixed set of words; also the metric label
 * @param detail one sentence for the client, without any of its payload or credentials
 * @param headers names and values that belong to the answer
 * @param members further members of the document: strings, numbers, booleans, and maps and lists of
 *     those
 * @param close whether nothing more can be read from this connection
 */
public record Problem(
    int status,
    String code,
    String detail,
    List<Map.Entry<CharSequence, CharSequence>> headers,
    Map<String, ?> members,
    boolean close) {
  /** The media type of the document. */
  public static final String MEDIA_TYPE = "application/problem+json";

  private static final JsonFactory JSON = new JsonFactory();

  public static Problem of(int status, String code, String detail) {
    return new Problem(status, code, detail, List.of(), Map.of(), false);
  }

  /** This, with a header in its answer; instead of those it has. */
  public Problem with(CharSequence header, CharSequence value) {
    return new Problem(status, code, detail, List.of(Map.entry(header, value)), members, close);
  }

  /** This, with these members in its document; instead of those it has. */
  public Problem with(Map<String, ?> more) {
    return new Problem(status, code, detail, headers, more, close);
  }

  /** This, with the connection closed behind the answer. */
  public Problem closing() {
    return new Problem(status, code, detail, headers, members, true);
  }

  /** The status in words, as RFC 9110 has it; Netty has some of RFC 2616. */
  String title() {
    return switch (status) {
      case 413 -> "Content Too Large";
      case 414 -> "URI Too Long";
      case 422 -> "Unprocessable Content";
      default -> HttpResponseStatus.valueOf(status).reasonPhrase();
    };
  }

  /** The document. */
  public Buffer document(String requestId) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (JsonGenerator out = JSON.createGenerator(bytes)) {
      out.writeStartObject();
      out.writeStringField("type", "about:blank");
      out.writeStringField("title", title());
      out.writeNumberField("status", status);
      out.writeStringField("detail", detail);
      out.writeStringField("code", code);
      out.writeStringField("requestId", requestId);
      for (Map.Entry<String, ?> member : members.entrySet()) {
        out.writeFieldName(member.getKey());
        write(out, member.getValue());
      }
      out.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return Buffer.buffer(bytes.toByteArray());
  }

  private static void write(JsonGenerator out, Object value) throws IOException {
    if (value instanceof Map<?, ?> map) {
      out.writeStartObject();
      for (Map.Entry<?, ?> member : map.entrySet()) {
        out.writeFieldName(String.valueOf(member.getKey()));
        write(out, member.getValue());
      }
      out.writeEndObject();
    } else if (value instanceof List<?> list) {
      out.writeStartArray();
      for (Object element : list) {
        write(out, element);
      }
      out.writeEndArray();
    } else if (value instanceof Number number) {
      out.writeNumber(number.longValue());
    } else if (value instanceof Boolean flag) {
      out.writeBoolean(flag);
    } else {
      out.writeString(String.valueOf(value));
    }
  }
}
