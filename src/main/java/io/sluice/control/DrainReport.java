package io.sluice.control;

import io.sluice.stream.Stream;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;

/**
 * What a stop could not finish: who did not end in time and was cut off, and what sinks do not have
 * yet. Written by whoever ends, read once at the end; any thread.
 */
final class DrainReport {
  private static final String NOTHING = "nothing";

  private final long begun = System.nanoTime();
  private final long within;
  private final Set<String> underWay = ConcurrentHashMap.newKeySet();
  private final Set<String> late = ConcurrentHashMap.newKeySet();

  /**
   * Begins.
   *
   * @param within how long each of them may take by itself; who took all of it was cut off
   */
  DrainReport(Duration within) {
    this.within = within.toNanos();
  }

  /** Ends parts, and notes who does not make it. */
  <T> Future<Void> end(
      Collection<T> parts, Function<T, String> name, Function<T, Future<Void>> ending) {
    return Future.join(parts.stream().map(part -> end(name.apply(part), part, ending)).toList())
        .mapEmpty();
  }

  private <T> Future<Void> end(String name, T part, Function<T, Future<Void>> ending) {
    long from = System.nanoTime();
    underWay.add(name);
    return ending
        .apply(part)
        .onComplete(
            ended -> {
              underWay.remove(name);
              if (System.nanoTime() - from >= within) {
                late.add(name);
              }
            });
  }

  /** Those who have not ended by now never will in order. */
  void cutOff() {
    late.addAll(underWay);
  }

  /** The last word of a stop. */
  void log(Logger log, Collection<Stream> streams) {
    log.atInfo()
        .addKeyValue("left", left(streams))
        .addKeyValue("cutOff", late.isEmpty() ? NOTHING : String.join(", ", new TreeSet<>(late)))
        .addKeyValue("tookSeconds", Duration.ofNanos(System.nanoTime() - begun).toMillis() / 1000.0)
        .log("stopped");
  }

  /** What sinks do not have yet, by stream and sink. */
  private static String left(Collection<Stream> streams) {
    String left =
        streams.stream()
            .flatMap(
                stream ->
                    stream.state().feeds().stream()
                        .filter(feed -> stream.state().lag(feed.sink()) > 0)
                        .map(
                            feed ->
                                "%s→%s: %d events, %d bytes"
                                    .formatted(
                                        stream.name(),
                                        feed.sink(),
                                        stream.state().lag(feed.sink()),
                                        feed.bytes())))
            .collect(Collectors.joining(", "));
    return left.isEmpty() ? NOTHING : left;
  }
}
