package io.sluice.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Optional;

/** Reads single values out of JSON texts. */
public final class JsonFields {
  private static final JsonFactory FACTORY = new JsonFactory();

  private JsonFields() {}

  /** A value that is a string, a number or a truth value, as text. */
  public record Field(String text, boolean string) {}

  /**
   * The value that a pointer (RFC 6901) names, unless there is none, or it is null, an object or an
   * array. Of members with the same name the first counts. Bytes that are no JSON have no values.
   */
  public static Optional<Field> read(byte[] in, int from, int to, String pointer) {
    JsonPointer rest = JsonPointer.compile(pointer);
    try (JsonParser parser = FACTORY.createParser(in, from, to - from)) {
      JsonToken token = parser.nextToken();
      while (!rest.matches()) {
        JsonPointer below =
            token == JsonToken.START_OBJECT
                ? member(parser, rest)
                : token == JsonToken.START_ARRAY ? element(parser, rest) : null;
        if (below == null) {
          return Optional.empty();
        }
        rest = below;
        token = parser.currentToken();
      }
      return token != null && token.isScalarValue() && token != JsonToken.VALUE_NULL
          ? Optional.of(new Field(parser.getText(), token == JsonToken.VALUE_STRING))
          : Optional.empty();
    } catch (IOException broken) {
      return Optional.empty();
    }
  }

  /** Goes to the value of the member that comes first in the pointer; what is left of it. */
  private static @org.jspecify.annotations.Nullable JsonPointer member(
      JsonParser parser, JsonPointer rest) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      JsonPointer below = rest.matchProperty(parser.currentName());
      parser.nextToken();
      if (below != null) {
        return below;
      }
      parser.skipChildren();
    }
    return null;
  }

  private static @org.jspecify.annotations.Nullable JsonPointer element(
      JsonParser parser, JsonPointer rest) throws IOException {
    int index = 0;
    for (JsonToken token = parser.nextToken();
        token != null && token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      JsonPointer below = rest.matchElement(index++);
      if (below != null) {
        return below;
      }
      parser.skipChildren();
    }
    return null;
  }
}
