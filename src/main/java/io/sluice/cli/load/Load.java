package io.sluice.cli.load;

import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What to drive a server with.
 *
 * @param target whom to drive
 * @param connections keep-alive connections, over all threads
 * @param pipeline requests in flight on one connection; 1 waits for each answer
 * @param threads selector threads, none with fewer than one connection
 * @param rate events a second sent on a constant schedule whatever the answers (open loop); empty
 *     sends a request as soon as the one before is answered (closed loop)
 * @param batch events in a request: 1 is one JSON object, more are NDJSON
 * @param size bytes of an event
 * @param headers further header lines, {@code Name: value}
 * @param warmup time driven before anything is measured
 * @param duration time measured
 */
public record Load(
    Target target,
    int connections,
    int pipeline,
    int threads,
    OptionalDouble rate,
    int batch,
    int size,
    List<String> headers,
    Duration warmup,
    Duration duration) {

  public Load {
    atLeast(1, connections, "connections");
    atLeast(1, pipeline, "pipeline");
    atLeast(1, threads, "threads");
    atLeast(1, batch, "batch");
    atLeast(Events.SMALLEST, size, "size");
    if (threads > connections) {
      throw new IllegalArgumentException("threads must not be more than connections");
    }
    if (rate.isPresent() && !(rate.getAsDouble() > 0)) {
      throw new IllegalArgumentException("rate must be positive");
    }
    if (duration.isNegative() || duration.isZero() || warmup.isNegative()) {
      throw new IllegalArgumentException("duration must be positive, and warmup not negative");
    }
    for (String header : headers) {
      if (header.indexOf(':') < 1 || header.chars().anyMatch(c -> c < ' ' || c > '~')) {
        throw new IllegalArgumentException("a header is 'Name: value' in ASCII, not " + header);
      }
    }
    headers = List.copyOf(headers);
  }

  private static void atLeast(int least, int value, String name) {
    if (value < least) {
      throw new IllegalArgumentException(name + " must be at least " + least + ", not " + value);
    }
  }
}
