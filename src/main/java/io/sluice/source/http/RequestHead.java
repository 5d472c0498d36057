package io.sluice.source.http;

import io.sluice.auth.Caller;
import io.sluice.auth.Guard;
import io.sluice.codec.CloudEventHeaders;
import io.sluice.codec.Coding;
import io.sluice.event.Ack;
import io.sluice.event.Columns;
import io.sluice.net.Problem;
import io.sluice.net.ProblemException;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the head of a request says, once nothing is wrong with it.
 *
 * @param sender who sends it, as far as the head says
 * @param binary what the head says of the event when it is a CloudEvent in binary mode
 * @param length the {@code Content-Length}, or -1
 * @param expectsContinue whether the client sends the body only when told to
 * @param key the {@code Idempotency-Key}, empty without one
 * @param answerWithin how long it waits for the answer; nanoseconds
 * @param roomWithin how long to stand in line for room
 */
record RequestHead(
    Sender sender,
    MediaType mediaType,
    Optional<Columns> binary,
    Coding coding,
    long length,
    boolean expectsContinue,
    Preferences preferences,
    Ack ack,
    long answerWithin,
    Duration roomWithin,
    String key) {

  /** Reads heads for one endpoint. */
  static final class Reader {
    private static final CharSequence PREFER = HttpHeaders.createOptimized("prefer");
    private static final CharSequence KEY = HttpHeaders.createOptimized("idempotency-key");
    private static final CharSequence CE_ID = HttpHeaders.createOptimized("ce-id");
    private static final CharSequence CE_TYPE = HttpHeaders.createOptimized("ce-type");
    private static final CharSequence CE_SOURCE = HttpHeaders.createOptimized("ce-source");
    private static final CharSequence CE_SPECVERSION =
        HttpHeaders.createOptimized("ce-specversion");
    private static final int MAX_KEY = 255;

    private final HttpSourceConfig config;
    private final Guard guard;
    private final Problems problems;
    private final long answerWithin;

    Reader(HttpSourceConfig config, Guard guard) {
      this.config = config;
      this.guard = guard;
      this.problems = new Problems(config);
      this.answerWithin = config.answerWithin().toNanos();
    }

    /**
     * Reads the head.
     *
     * @throws ProblemException when the request cannot go on
     */
    RequestHead read(HttpServerRequest request) {
      if (!HttpMethod.POST.equals(request.method())) {
        throw new ProblemException(problems.method());
      }
      MultiMap headers = request.headers();
      Sender sender = new Sender();
      Optional<Problem> denied = sender.judge(guard.admit(Caller.of(request)));
      if (denied.isPresent()) {
        throw new ProblemException(denied.get());
      }
      MediaType mediaType = MediaType.of(headers.get(HttpHeaders.CONTENT_TYPE));
      boolean binary = mediaType != null && !mediaType.cloudEvents() && binary(headers);
      if (mediaType == null || !taken(mediaType, binary)) {
        throw new ProblemException(problems.mediaType());
      }
      if (!MediaType.accepts(headers.get(HttpHeaders.ACCEPT))) {
        throw new ProblemException(problems.notAcceptable());
      }
      long length = length(headers.get(HttpHeaders.CONTENT_LENGTH));
      if (length > config.maxBodyBytes().bytes()) {
        throw new ProblemException(problems.bodyTooLarge());
      }
      List<String> prefer = headers.contains(PREFER) ? headers.getAll(PREFER) : List.of();
      Preferences preferences = prefer.isEmpty() ? Preferences.NONE : Preferences.read(prefer);
      return new RequestHead(
          sender,
          mediaType,
          binary ? Optional.of(attributes(headers)) : Optional.empty(),
          coding(headers),
          length,
          request.version() != HttpVersion.HTTP_1_0 && headers.contains(HttpHeaders.EXPECT),
          preferences,
          ack(preferences),
          wait(preferences),
          room(preferences),
          key(headers.get(KEY)));
    }

    private boolean taken(MediaType type, boolean binary) {
      boolean known =
          switch (config.accept()) {
            case ANY -> type.known();
            case JSON -> type.json();
            case CLOUDEVENTS -> binary || (type.cloudEvents() && type.known());
          };
      return known && (!type.json() || type.utf8());
    }

    /** Whether any attribute is among the headers that every CloudEvent has. */
    private static boolean binary(MultiMap headers) {
      return headers.contains(CE_ID)
          || headers.contains(CE_TYPE)
          || headers.contains(CE_SOURCE)
          || headers.contains(CE_SPECVERSION);
    }

    private static Columns attributes(MultiMap headers) {
      CloudEventHeaders read = CloudEventHeaders.read(headers);
      if (read.fault().isPresent()) {
        throw new ProblemException(Problems.attributes(read.fault().get()));
      }
      return read.columns();
    }

    private Coding coding(MultiMap headers) {
      String name = headers.get(HttpHeaders.CONTENT_ENCODING);
      if (name == null) {
        return Coding.IDENTITY;
      }
      String all = String.join(",", headers.getAll(HttpHeaders.CONTENT_ENCODING));
      return Coding.of(all).orElseThrow(() -> new ProblemException(problems.coding()));
    }

    /** Netty has refused all but digits already. */
    private static long length(@Nullable String contentLength) {
      if (contentLength == null) {
        return -1;
      }
      return contentLength.length() > 18 ? Long.MAX_VALUE : Long.parseLong(contentLength);
    }

    private Ack ack(Preferences preferences) {
      Ack asked = preferences.ack();
      if (asked == null) {
        return config.ack();
      }
      if (asked.compareTo(config.ackFloor()) < 0) {
        return config.ackFloor();
      }
      return asked.compareTo(config.ackCeiling()) > 0 ? config.ackCeiling() : asked;
    }

    private long wait(Preferences preferences) {
      int seconds = preferences.waitSeconds();
      return seconds < 0 ? answerWithin : Math.min(answerWithin, seconds * 1_000_000_000L);
    }

    private Duration room(Preferences preferences) {
      long wait = wait(preferences);
      return wait < config.roomWithin().toNanos() ? Duration.ofNanos(wait) : config.roomWithin();
    }

    private String key(@Nullable String header) {
      if (header == null) {
        if (config.idempotency().required()) {
          throw new ProblemException(problems.keyMissing());
        }
        return "";
      }
      // The draft wants a quoted string; most clients send it bare.
      boolean quoted = header.length() > 1 && header.startsWith("\"") && header.endsWith("\"");
      String key = quoted ? header.substring(1, header.length() - 1) : header;
      if (key.isEmpty() || key.length() > MAX_KEY) {
        throw new ProblemException(problems.keyInvalid(MAX_KEY));
      }
      return key;
    }
  }
}
