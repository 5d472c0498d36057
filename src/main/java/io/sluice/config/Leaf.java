package io.sluice.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A type whose values are one JSON scalar.
 *
 * @param what such a value in a sentence
 * @param json its JSON type, in the words of JSON Schema
 * @param pattern what its string must match in the schema; empty for any
 * @param secret whether it must never show
 * @param parse from its text; throws {@link IllegalArgumentException} with words for the operator
 */
record Leaf(
    String what, String json, String pattern, boolean secret, Function<String, Object> parse) {
  private static final Map<Class<?>, Leaf> PLAIN =
      Map.ofEntries(
          Map.entry(String.class, text("a string", "", text -> text)),
          Map.entry(
              Duration.class,
              text("a duration like 250ms, 30s or 24h", Durations.PATTERN, Durations::parse)),
          Map.entry(Path.class, text("a path", "", Path::of)),
          Map.entry(URI.class, text("a URL", "", Leaf::uri)),
          Map.entry(boolean.class, scalar("true or false", "boolean", Leaf::bool)),
          Map.entry(int.class, scalar("a whole number", "integer", Integer::valueOf)),
          Map.entry(long.class, scalar("a whole number", "integer", Long::valueOf)),
          Map.entry(double.class, scalar("a number", "number", Leaf::number)),
          Map.entry(Boolean.class, scalar("true or false", "boolean", Leaf::bool)),
          Map.entry(Integer.class, scalar("a whole number", "integer", Integer::valueOf)),
          Map.entry(Long.class, scalar("a whole number", "integer", Long::valueOf)),
          Map.entry(Double.class, scalar("a number", "number", Leaf::number)));

  static Optional<Leaf> of(Class<?> type) {
    Text about = type.getAnnotation(Text.class);
    if (about == null) {
      return Optional.ofNullable(PLAIN.get(type));
    }
    return Optional.of(
        new Leaf(about.what(), "string", about.pattern(), type == Secret.class, parser(type)));
  }

  /**
   * The value in {@code node}.
   *
   * @param lenient whether a string may stand for a number or a truth value
   * @throws IllegalArgumentException in words for the operator, without the value
   */
  Object read(JsonNode node, boolean lenient) {
    boolean text = node.isTextual();
    boolean fits =
        switch (json) {
          case "string" -> text;
          case "boolean" -> node.isBoolean() || (text && lenient);
          case "integer" -> node.isIntegralNumber() || (text && lenient);
          default -> node.isNumber() || (text && lenient);
        };
    if (!fits) {
      throw new IllegalArgumentException("must be " + what + ", but is " + kind(node));
    }
    try {
      return parse.apply(node.asText());
    } catch (NumberFormatException tooLarge) {
      throw new IllegalArgumentException(
          text ? "must be " + what : "is too large a number", tooLarge);
    }
  }

  private static String kind(JsonNode node) {
    return node.isNumber() ? "a number (" + node.asText() + ")" : Kind.of(node).phrase();
  }

  private static Leaf text(String what, String pattern, Function<String, Object> parse) {
    return new Leaf(what, "string", pattern, false, parse);
  }

  private static Leaf scalar(String what, String json, Function<String, Object> parse) {
    return new Leaf(what, json, "", false, parse);
  }

  private static Object bool(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("must be true or false");
    };
  }

  private static Object number(String text) {
    double number = Double.parseDouble(text);
    if (!Double.isFinite(number)) {
      throw new NumberFormatException();
    }
    return number;
  }

  private static Object uri(String text) {
    try {
      URI uri = URI.create(text);
      if (!uri.isAbsolute()) {
        throw new IllegalArgumentException("must be a whole URL, with its scheme");
      }
      return uri;
    } catch (IllegalArgumentException wrong) {
      throw wrong.getCause() == null ? wrong : new IllegalArgumentException("must be a URL", wrong);
    }
  }

  private static Function<String, Object> parser(Class<?> type) {
    try {
      Method parse = type.getMethod("parse", String.class);
      parse.setAccessible(true);
      return text -> {
        try {
          return parse.invoke(null, text);
        } catch (InvocationTargetException refused) {
          if (refused.getCause() instanceof IllegalArgumentException bad) {
            throw bad;
          }
          throw new IllegalStateException(refused.getCause());
        } catch (IllegalAccessException impossible) {
          throw new IllegalStateException(impossible);
        }
      };
    } catch (NoSuchMethodException incomplete) {
      throw new IllegalStateException(type + " has @Text but no parse(String)", incomplete);
    }
  }
}
