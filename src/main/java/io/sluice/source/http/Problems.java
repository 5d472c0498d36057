package io.sluice.source.http;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.sluice.auth.Denial;
import io.sluice.auth.Verdict;
import io.sluice.codec.Coding;
import io.sluice.codec.Fault;
import io.sluice.codec.Flaw;
import io.sluice.codec.Inflation;
import io.sluice.codec.Split;
import io.sluice.event.Receipt;
import io.sluice.event.Refusal;
import io.sluice.net.Problem;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;

/** What can be wrong with a request to one source, each said once. Immutable. */
final class Problems {
  private static final CharSequence ACCEPT_POST = HttpHeaders.createOptimized("accept-post");
  private static final CharSequence RETRY_AFTER = HttpHeaders.createOptimized("retry-after");
  private static final Problem METHOD =
      Problem.of(405, "method-not-allowed", "Events are sent with POST.")
          .with(HttpHeaders.ALLOW, "POST");
  private static final Problem NOT_ACCEPTABLE =
      Problem.of(406, "not-acceptable", "Answers are application/json.");
  private static final Problem CODING =
      Problem.of(415, "content-coding", "The body has a content coding that cannot be undone here.")
          .with(HttpHeaders.ACCEPT_ENCODING, offered());

  private final HttpSourceConfig config;

  Problems(HttpSourceConfig config) {
    this.config = config;
  }

  private static String offered() {
    return Coding.offered().stream().map(Coding::word).collect(Collectors.joining(", "));
  }

  Problem method() {
    return METHOD;
  }

  static Problem denied(Verdict.Denied denied) {
    return new Problem(
        denied.status(),
        denied.code(),
        denied.detail(),
        denied.headers(),
        Map.of(),
        denied.why() == Denial.TOO_MANY);
  }

  Problem mediaType() {
    Accept accept = config.accept();
    String detail =
        switch (accept) {
          case ANY ->
              "The Content-Type is no media type, its JSON is not UTF-8, or its CloudEvents are not"
                  + " in JSON.";
          case JSON -> "Events are sent as JSON or lines of JSON, in UTF-8.";
          case CLOUDEVENTS -> "Events are sent as CloudEvents, in JSON and UTF-8 unless binary.";
        };
    String offer =
        (accept == Accept.CLOUDEVENTS ? "" : "application/json, application/x-ndjson, ")
            + "application/cloudevents+json, application/cloudevents-batch+json"
            + (accept == Accept.ANY ? ", */*" : "");
    return Problem.of(415, "media-type", detail).with(ACCEPT_POST, offer);
  }

  /** The answer to a CloudEvent in binary mode whose head is not one. */
  static Problem attributes(Fault fault) {
    return Problem.of(
        400, fault.flaw().word(), "The head is no CloudEvent: " + fault.detail() + ".");
  }

  Problem notAcceptable() {
    return NOT_ACCEPTABLE;
  }

  Problem coding() {
    return CODING;
  }

  Problem bodyTooLarge() {
    return Problem.of(
            413, "body-too-large", "The body has more than " + config.maxBodyBytes() + ".")
        .with(Map.of("maxBodyBytes", config.maxBodyBytes().bytes()))
        .closing();
  }

  Problem keyMissing() {
    return Problem.of(400, "idempotency-key-missing", "An Idempotency-Key header is needed here.");
  }

  Problem keyInvalid(int max) {
    return Problem.of(
        400, "idempotency-key-invalid", "An Idempotency-Key has 1 to " + max + " characters.");
  }

  static Problem keyReused() {
    return Problem.of(
        422,
        "idempotency-key-reused",
        "This Idempotency-Key came with another body before; a new request needs a new key.");
  }

  static Problem keyRunning() {
    return Problem.of(
            409,
            "idempotency-key-running",
            "A request with this Idempotency-Key is not answered yet.")
        .with(RETRY_AFTER, "1");
  }

  static Problem emptyBody() {
    return Problem.of(400, "empty-body", "The body has no event.");
  }

  static Problem bodyTooSlow() {
    return Problem.of(408, "body-too-slow", "The body did not arrive in time.").closing();
  }

  /** The answer to a body that is not framed as HTTP says. */
  static Problem broken(Throwable cause) {
    return (cause instanceof TooLongHttpHeaderException
            ? Problem.of(431, "trailers-too-large", "The trailers are too large.")
            : Problem.of(400, "body-malformed", "The chunks of the body are not well-formed."))
        .closing();
  }

  static Problem inflation(Inflation.Failure failure) {
    int status = failure.kind() == Inflation.Failure.Kind.TOO_LARGE ? 413 : 400;
    String code = status == 413 ? "body-too-large" : failure.kind().word();
    return Problem.of(status, code, failure.detail());
  }

  /**
   * The answer to somebody who is over quota.
   *
   * @param nanos until it is worth another try
   */
  static Problem overQuota(long nanos) {
    return Problem.of(429, "over-quota", "More was sent than may be.")
        .with(RETRY_AFTER, Long.toString((nanos + 999_999_999) / 1_000_000_000));
  }

  static Problem draining() {
    return Problem.of(503, "draining", "This part of the gateway is shutting down.")
        .with(RETRY_AFTER, "1")
        .closing();
  }

  static Problem late() {
    return Problem.of(
        504, "receipt-late", "The receipt did not come in time; the events may still arrive.");
  }

  static Problem failed() {
    return Problem.of(500, "internal", "Something went wrong here; the log knows more.");
  }

  /** The answer for events that are not promised to be kept. */
  static Problem refused(Receipt.Refused refused) {
    int status =
        refused.why() == Refusal.TOO_LARGE ? 413 : refused.why() == Refusal.UNKNOWN ? 504 : 503;
    Problem problem = Problem.of(status, refused.why().word(), refused.detail());
    return status == 503
        ? problem.with(RETRY_AFTER, Long.toString(seconds(refused.retryAfter())))
        : problem;
  }

  /** Whole seconds, at least one, spread a little so that not everybody comes back at once. */
  private static long seconds(Duration duration) {
    long seconds = Math.max(1, duration.plusNanos(999_999_999).toSeconds());
    return seconds + ThreadLocalRandom.current().nextLong(seconds / 4 + 1);
  }

  /** The answer for a body with faults. */
  static Problem faulty(Split.Refused split) {
    Fault first = split.faults().get(0);
    boolean large = first.flaw() == Flaw.TOO_LARGE || first.flaw() == Flaw.TOO_MANY;
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("errors", faults(split.faults()));
    if (split.more()) {
      members.put("more", true);
    }
    String code =
        switch (first.flaw()) {
          case TOO_LARGE -> "event-too-large";
          case TOO_MANY -> "too-many-events";
          case EMPTY -> "empty-body";
          default -> first.flaw().word();
        };
    return Problem.of(large ? 413 : 400, code, detail(first)).with(members);
  }

  private static String detail(Fault fault) {
    return "Event "
        + fault.index()
        + ", line "
        + fault.line()
        + ", byte "
        + fault.offset()
        + " of the body: "
        + fault.detail()
        + ".";
  }

  static List<Map<String, Object>> faults(List<Fault> faults) {
    List<Map<String, Object>> all = new ArrayList<>(faults.size());
    for (Fault fault : faults) {
      Map<String, Object> each = new LinkedHashMap<>();
      each.put("index", fault.index());
      each.put("line", fault.line());
      each.put("offset", fault.offset());
      each.put("code", fault.flaw().word());
      each.put("detail", fault.detail());
      all.add(each);
    }
    return all;
  }
}
