package io.sluice.control;

import io.sluice.stream.StreamSettings;
import java.util.List;
import java.util.Map;

/**
 * Everything that shall run, by name and in the order of the files. Equality decides what a reload
 * touches.
 *
 * @param streams the declared ones, and with presets those that are only named
 */
public record Settings(
    Map<String, SourceSpec> sources,
    Map<String, StreamSettings> streams,
    Map<String, SinkSpec> sinks) {
  /** Whether nothing shall run. */
  boolean empty() {
    return sources.isEmpty() && streams.isEmpty() && sinks.isEmpty();
  }

  /** The sinks that take from a stream. */
  List<String> takersOf(String stream) {
    return sinks.values().stream()
        .filter(sink -> sink.settings().from().contains(stream))
        .map(SinkSpec::name)
        .toList();
  }
}
