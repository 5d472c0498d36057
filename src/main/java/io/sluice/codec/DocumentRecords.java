package io.sluice.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Records in a JSON text. What is around them is read by a tokenizer that can be fed piece by
 * piece; it is given one bracket at a time, so that it stands still exactly where the records
 * begin.
 */
final class DocumentRecords implements RecordStream {
  private static final int MAX_DEPTH = 100;
  private static final int MAX_TEXT = 1 << 20;
  private static final byte[] OPEN = {'{'};
  private static final byte[] CLOSE = {'}'};

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(MAX_TEXT)
                  .build())
          .enable(com.fasterxml.jackson.core.StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private final String pointer;
  private final Set<String> asked;
  private final Output out;
  private final JsonParser parser;
  private final ByteArrayFeeder feeder;
  private final Map<String, String> values = new HashMap<>();
  private @Nullable Elements elements;
  private boolean object;
  private boolean found;
  private boolean over;
  private boolean string;
  private boolean escape;

  /** The last byte around the records that is no white space, and in no string but its quotes. */
  private byte before;

  DocumentRecords(String pointer, Collection<String> asked, Output out) {
    this.pointer = pointer;
    this.asked = Set.copyOf(asked);
    this.out = out;
    try {
      this.parser = FACTORY.createNonBlockingByteArrayParser();
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
    this.feeder = (ByteArrayFeeder) parser.getNonBlockingInputFeeder();
  }

  @Override
  public Optional<Failure> feed(byte[] in, int from, int to) {
    int at = from;
    try {
      while (at < to) {
        Elements inside = elements;
        if (inside == null) {
          int end = bracket(in, at, to);
          Optional<Failure> failure = end < 0 ? Optional.of(comma()) : around(in, at, end);
          if (failure.isPresent()) {
            return failure;
          }
          at = end;
        } else {
          at = inside.feed(in, at, to);
          if (at < 0) {
            return inside.failure();
          }
          if (inside.done()) {
            elements = null;
            before = '}';
            if (object) {
              tokens(CLOSE, 0, 1);
            }
          }
        }
      }
      return Optional.empty();
    } catch (IOException broken) {
      return failure(broken);
    }
  }

  /**
   * Behind the next opening bracket or brace, or {@code to}; -1 at a comma where none may be, which
   * the tokenizer does not see between two pieces.
   */
  private int bracket(byte[] in, int from, int to) {
    for (int at = from; at < to; at++) {
      byte c = in[at];
      if (escape) {
        escape = false;
      } else if (string) {
        string = c != '"';
        escape = c == '\\';
      } else if (!Elements.space(c)) {
        boolean behind = before == ',' || before == '{' || before == '[';
        if ((c == ',' && behind) || (before == ',' && (c == '}' || c == ']'))) {
          return -1;
        }
        string = c == '"';
        before = c;
        if (c == '[' || c == '{') {
          return at + 1;
        }
      }
    }
    return to;
  }

  private static Failure comma() {
    return new Failure(Flaw.INVALID_JSON, "a comma stands where none may be");
  }

  /** Reads what is around the records; up to where they begin, if they do at {@code to}. */
  private Optional<Failure> around(byte[] in, int from, int to) throws IOException {
    JsonToken last = tokens(in, from, to);
    boolean array = last == JsonToken.START_ARRAY;
    if (array || last == JsonToken.START_OBJECT) {
      JsonStreamContext parent = parser.getParsingContext().getParent();
      if (!found && parent != null && parent.pathAsPointer().toString().equals(pointer)) {
        found = true;
        object = !array;
        elements = array ? Elements.array(out) : Elements.object(out);
        if (object && !out.append(OPEN, 0, 1)) {
          return LineRecords.tooLarge();
        }
      }
    }
    return Optional.empty();
  }

  /** Reads all tokens there are; the last of them, if it is at the very end. */
  private @Nullable JsonToken tokens(byte[] in, int from, int to) throws IOException {
    feeder.feedInput(in, from, to);
    JsonToken last = null;
    for (JsonToken token = parser.nextToken();
        token != JsonToken.NOT_AVAILABLE && token != null;
        token = parser.nextToken()) {
      token(token);
      last = token;
    }
    return last;
  }

  private void token(JsonToken token) throws IOException {
    if (over) {
      throw new Trailing();
    }
    JsonStreamContext context = parser.getParsingContext();
    if (token.isScalarValue()) {
      scalar(token, context.pathAsPointer().toString());
    }
    over = context.inRoot() && (token.isScalarValue() || token.isStructEnd());
  }

  private void scalar(JsonToken token, String at) throws IOException {
    boolean here = at.equals(pointer);
    if (here && token != JsonToken.VALUE_NULL) {
      throw new Misplaced();
    }
    found |= here;
    if (asked.contains(at) && token != JsonToken.VALUE_NULL) {
      values.put(at, parser.getText());
    }
  }

  @Override
  public Optional<Failure> finish() {
    if (elements != null) {
      return Optional.of(new Failure(Flaw.INCOMPLETE_JSON, "the records are not complete"));
    }
    try {
      feeder.endOfInput();
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        token(token);
      }
    } catch (IOException broken) {
      return failure(broken);
    }
    if (!over) {
      return Optional.of(new Failure(Flaw.EMPTY, "no JSON value"));
    }
    return found
        ? Optional.empty()
        : Optional.of(new Failure(Flaw.MISSING, "nothing stands at " + pointer));
  }

  @Override
  public Map<String, String> values() {
    return Map.copyOf(values);
  }

  /** What the tokenizer says may repeat what it read, so it is not told. */
  private Optional<Failure> failure(IOException broken) {
    if (broken instanceof Trailing) {
      return Optional.of(new Failure(Flaw.TRAILING_TEXT, "more text behind the value"));
    } else if (broken instanceof Misplaced) {
      return Optional.of(
          new Failure(Flaw.MISSING, "what stands at " + pointer + " is no array or object"));
    } else if (broken instanceof StreamConstraintsException) {
      return Optional.of(new Failure(Flaw.TOO_LARGE, "a value beside the records is too large"));
    }
    long offset =
        broken instanceof JsonProcessingException told && told.getLocation() != null
            ? told.getLocation().getByteOffset()
            : -1;
    return Optional.of(
        new Failure(
            Flaw.INVALID_JSON,
            found
                ? "what stands around the records is no JSON"
                : "no JSON, " + Math.max(0, offset) + " bytes from the start"));
  }

  /** There is a second value in the body. */
  private static final class Trailing extends IOException {}

  /** There is something else where the records should be. */
  private static final class Misplaced extends IOException {}
}
