package io.sluice.control;

import io.sluice.config.Problems;
import io.sluice.connector.Counterpart;
import io.sluice.stream.StreamSettings;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds what does not fit between pull sources and the push sources they go by. */
final class Pairing {
  private final Problems problems;
  private final Map<String, SourceSpec> sources;
  private final Set<String> named;
  private final Map<String, StreamSettings> streams;

  /**
   * Nothing checked yet.
   *
   * @param sources those without errors
   * @param named all there are
   */
  Pairing(
      Problems problems,
      Map<String, SourceSpec> sources,
      Set<String> named,
      Map<String, StreamSettings> streams) {
    this.problems = problems;
    this.sources = sources;
    this.named = named;
    this.streams = streams;
  }

  void check() {
    for (SourceSpec source : sources.values()) {
      source.counterpart().ifPresent(other -> check(source, other));
    }
  }

  private void check(SourceSpec source, Counterpart counterpart) {
    String pointer =
        "/" + ConfigurationModel.SOURCES + "/" + source.name() + "/" + counterpart.key();
    SourceSpec other = sources.get(counterpart.source());
    if (other == null && named.contains(counterpart.source())) {
      return;
    }
    if (other == null) {
      problems.unknown(
          pointer,
          "there is no source \"" + counterpart.source() + "\"",
          counterpart.source(),
          named);
    } else if (other.pulls()) {
      problems.error(
          pointer,
          "names \"" + other.name() + "\", which is a pull source: it has to be a push source");
    } else if (!other.to().equals(source.to())) {
      problems.error(
          pointer,
          "names \"%s\", which goes to the stream \"%s\" and this one to \"%s\": it has to be the same"
              .formatted(other.name(), other.to(), source.to()));
    } else if (counterpart.comparing()) {
      compare(pointer, source.to());
    }
  }

  private void compare(String pointer, String stream) {
    StreamSettings settings = streams.get(stream);
    if (settings != null && settings.dedupe().isEmpty()) {
      problems.error(
          pointer,
          "needs a stream that leaves out what it has already, and the stream \""
              + stream
              + "\" has no `dedupe`",
          Optional.of("give the stream a `dedupe`, so that only what was missed is kept"));
    }
  }
}
