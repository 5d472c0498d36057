package io.sluice.cli.load;

import io.sluice.cli.target.Protocol;
import io.sluice.cli.target.Target;
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
 * @param batch events in a request: over HTTP, 1 is one JSON object, more are NDJSON; over TCP and
 *     WebSocket, lines and messages that are written at once
 * @param size bytes of an event
 * @param receipts whether the server says what became of a request; else one counts as answered
 *     when it is written. HTTP always answers
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
    boolean receipts,
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
    if (!receipts && target.protocol() == Protocol.HTTP) {
      throw new IllegalArgumentException("HTTP has an answer to every request");
    }
    if (duration.isNegative() || duration.isZero() || warmup.isNegative()) {
      throw new IllegalArgumentException("duration must be positive, and warmup not negative");
    }
    headers = List.copyOf(headers);
  }

  private static void atLeast(int least, int value, String name) {
    if (value < least) {
      throw new IllegalArgumentException(name + " must be at least " + least + ", not " + value);
    }
  }
}
