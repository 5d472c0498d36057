package io.sluice.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads one file's text strictly as RFC 8259 has it, and remembers where everything stands: one
 * object, no comments, no second key of a name, nothing behind the end.
 */
final class JsonText {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(64).build())
          .build();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Path file;
  private final Problems problems;
  private final JsonParser parser;

  private JsonText(Path file, Problems problems, JsonParser parser) {
    this.file = file;
    this.problems = problems;
    this.parser = parser;
  }

  /** The object in the text, or nothing when that is among the problems now. */
  static Optional<ObjectNode> parse(Reading.ConfigText text, Problems problems) {
    try (JsonParser parser = JSON.createParser(text.text())) {
      return new JsonText(text.file(), problems, parser).document();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private Optional<ObjectNode> document() throws IOException {
    try {
      JsonToken first = parser.nextToken();
      if (first == null) {
        return refused(parser.currentLocation(), "is empty; must be a JSON object, at least {}");
      }
      JsonLocation start = parser.currentTokenLocation();
      if (first != JsonToken.START_OBJECT) {
        return refused(start, "must be a JSON object, but is " + Kind.of(first).phrase());
      }
      problems.locate("", place(start, start));
      ObjectNode root = object("");
      if (parser.nextToken() != null) {
        return refused(parser.currentTokenLocation(), "has text behind the end of its object");
      }
      return Optional.of(root);
    } catch (JsonProcessingException broken) {
      JsonLocation at = broken.getLocation();
      return refused(
          at == null ? parser.currentLocation() : at, "is not valid JSON: " + cause(broken));
    }
  }

  private Optional<ObjectNode> refused(JsonLocation at, String message) {
    problems.add(problem("", at, message));
    return Optional.empty();
  }

  private Problem problem(String pointer, JsonLocation at, String message) {
    return new Problem(
        Problem.Severity.ERROR,
        file,
        pointer,
        at.getLineNr(),
        at.getColumnNr(),
        message,
        Optional.empty());
  }

  private ObjectNode object(String pointer) throws IOException {
    ObjectNode object = NODES.objectNode();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      JsonLocation keyAt = parser.currentTokenLocation();
      parser.nextToken();
      String below = pointer + "/" + escape(key);
      JsonLocation at = parser.currentTokenLocation();
      if (object.has(key)) {
        problems.add(problem(below, keyAt, "is there twice; only one can be meant"));
        parser.skipChildren();
        continue;
      }
      problems.locate(below, place(keyAt, at));
      object.set(key, value(below));
    }
    return object;
  }

  private ArrayNode array(String pointer) throws IOException {
    ArrayNode array = NODES.arrayNode();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      String below = pointer + "/" + array.size();
      problems.locate(below, place(parser.currentTokenLocation(), parser.currentTokenLocation()));
      array.add(value(below));
    }
    return array;
  }

  private JsonNode value(String pointer) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(pointer);
      case START_ARRAY -> array(pointer);
      case VALUE_STRING -> NODES.textNode(parser.getText());
      case VALUE_TRUE -> NODES.booleanNode(true);
      case VALUE_FALSE -> NODES.booleanNode(false);
      case VALUE_NUMBER_INT ->
          parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
              ? NODES.numberNode(parser.getBigIntegerValue())
              : NODES.numberNode(parser.getLongValue());
      case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDecimalValue());
      default -> NODES.nullNode();
    };
  }

  private Problems.Place place(JsonLocation key, JsonLocation value) {
    return new Problems.Place(
        file, key.getLineNr(), key.getColumnNr(), value.getLineNr(), value.getColumnNr());
  }

  /** A key as a step of a JSON pointer. */
  static String escape(String key) {
    return key.replace("~", "~0").replace("/", "~1");
  }

  /** The parser's own words, without what it quotes from the text: that could be a secret. */
  private static String cause(JsonProcessingException broken) {
    if (broken instanceof JsonEOFException) {
      return "unexpected end of the text, inside an object or array";
    }
    String words = broken.getOriginalMessage();
    if (words.contains("comment")) {
      return "comments are not part of JSON";
    } else if (words.startsWith("Unrecognized token")) {
      return "unrecognized word; a string needs its quotes";
    } else if (words.startsWith("Non-standard token")) {
      return "NaN and Infinity are not part of JSON";
    }
    return words
        .replaceFirst("^Unexpected character \\('(.)' \\(code [^)]*\\)\\)", "unexpected '$1'")
        .replaceFirst(
            "^Unexpected close marker '(.)': .* \\(for root.*",
            "unexpected '$1': no object or array is open")
        .replaceFirst("(?s) \\((for|start marker|from) .*", "");
  }
}
