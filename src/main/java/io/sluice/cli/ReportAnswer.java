package io.sluice.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a gateway says of its sources, as far as people are shown it; null is not known.
 *
 * @param at when it said so, in ISO 8601
 */
record ReportAnswer(String at, List<Source> sources) {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  ReportAnswer {
    Instant.parse(at);
    sources = List.copyOf(sources);
    sources.forEach(source -> Objects.requireNonNull(source.name()));
  }

  /** One source, or, without a name, what it was before its configuration changed. */
  record Source(
      @Nullable String name,
      @Nullable String direction,
      @Nullable Double seconds,
      @Nullable Long events,
      @Nullable Long duplicates,
      @Nullable Freshness freshnessSeconds,
      @Nullable Polls polls,
      @Nullable Long missedByPush,
      @Nullable Source before,
      @Nullable String advice) {}

  /** How old events were. Seconds. */
  record Freshness(@Nullable Double p50, @Nullable Double p99) {
    static final Freshness UNKNOWN = new Freshness(null, null);
  }

  /** What the polls of a source took. */
  record Polls(
      @Nullable Long answered,
      @Nullable Double emptyShare,
      @Nullable Long requests,
      @Nullable Double requestsPerNewEvent,
      @Nullable Double requestsPerHour,
      @Nullable Double receivedBytesPerHour,
      @Nullable Double secondsPerHour) {
    static final Polls NONE = new Polls(null, null, null, null, null, null, null);
  }

  /** Empty when it is no report. */
  static Optional<ReportAnswer> of(JsonObject answer) {
    try {
      return Optional.of(MAPPER.readValue(answer.encode(), ReportAnswer.class));
    } catch (JsonProcessingException strange) {
      return Optional.empty();
    }
  }
}
