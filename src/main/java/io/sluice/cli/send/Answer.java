package io.sluice.cli.send;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what a server answered; decides in one place what is tried again. Pure functions. */
final class Answer {
  private Answer() {}

  enum Kind {
    /** All events were taken, or all but some that the answer names. */
    TAKEN,
    /** The same request may succeed later. */
    AGAIN,
    /** These events are never taken, others may be. */
    REFUSED,
    /** No request of this run will succeed. */
    HOPELESS
  }

  /**
   * What a status asks for. 409 says that the first request with the key still runs, 504 that the
   * events may still arrive; the key makes asking again harmless.
   */
  static Kind kind(int status) {
    if (status >= 200 && status < 300) {
      return Kind.TAKEN;
    }
    return switch (status) {
      case 408, 409, 425, 429, 500, 502, 503, 504 -> Kind.AGAIN;
      case 400, 413, 422 -> Kind.REFUSED;
      default -> Kind.HOPELESS;
    };
  }

  /**
   * {@code Retry-After}, in seconds or as a date (RFC 9110, section 10.2.3); zero if unreadable.
   */
  static Duration retryAfter(@Nullable String field, Instant now) {
    if (field == null) {
      return Duration.ZERO;
    }
    String value = field.strip();
    try {
      if (value.matches("[0-9]{1,6}")) {
        return Duration.ofSeconds(Long.parseLong(value));
      }
      Instant until = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return until.isAfter(now) ? Duration.between(now, until) : Duration.ZERO;
    } catch (DateTimeParseException e) {
      return Duration.ZERO;
    }
  }

  /** A receipt (2xx); an answer without one took everything. */
  static Result taken(Chunk chunk, int retries, @Nullable Buffer body) {
    JsonObject receipt = object(body);
    List<Rejection> rejections = rejections(chunk, receipt, "rejected");
    long rejected = rejections.size();
    return new Result(
        chunk,
        number(receipt, "accepted", chunk.events() - rejected),
        number(receipt, "duplicates", 0),
        rejections,
        rejected,
        0,
        retries,
        "");
  }

  /** A problem document (RFC 9457) about these events; they count as refused together. */
  static Result refused(Chunk chunk, int retries, int status, @Nullable Buffer body) {
    JsonObject problem = object(body);
    List<Rejection> named = new ArrayList<>(rejections(chunk, problem, "errors"));
    if (named.isEmpty()) {
      named.add(
          new Rejection(
              chunk.firstLine(),
              "and the " + (chunk.events() - 1) + " after it: " + detail(status, problem)));
    }
    return new Result(chunk, 0, 0, named, chunk.events(), 0, retries, "");
  }

  /** One sentence about an error. */
  static String detail(int status, @Nullable Buffer body) {
    return detail(status, object(body));
  }

  private static String detail(int status, JsonObject problem) {
    String detail = text(problem, "detail", text(problem, "title", ""));
    return detail.isEmpty() ? "status " + status : "status " + status + ", " + detail;
  }

  private static List<Rejection> rejections(Chunk chunk, JsonObject answer, String member) {
    List<Rejection> rejections = new ArrayList<>();
    if (answer.getValue(member) instanceof JsonArray items) {
      for (Object item : items) {
        if (item instanceof JsonObject rejected) {
          rejections.add(
              new Rejection(
                  chunk.firstLine() + number(rejected, "line", 1) - 1,
                  text(rejected, "detail", "no reason given")));
        }
      }
    }
    return rejections;
  }

  private static JsonObject object(@Nullable Buffer body) {
    try {
      return body != null && body.length() > 0 && body.getByte(0) == '{'
          ? new JsonObject(body)
          : new JsonObject();
    } catch (DecodeException e) {
      return new JsonObject();
    }
  }

  private static long number(JsonObject in, String name, long otherwise) {
    return in.getValue(name) instanceof Number number ? number.longValue() : otherwise;
  }

  private static String text(JsonObject in, String name, String otherwise) {
    return in.getValue(name) instanceof String string ? string : otherwise;
  }
}
