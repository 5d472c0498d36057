package io.sluice.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A small configuration of every kind of key, and ways to read it. */
final class Samples {
  static final List<Section> LAYOUT =
      List.of(
          new Section("admin", "The admin listener.", false, Admin.class, Map.of()),
          new Section("sources", "What brings events in.", true, Feeding.class, types()),
          new Section("streams", "Where events wait.", true, Store.class, Map.of()));

  private Samples() {}

  private static Map<String, Class<? extends Record>> types() {
    Map<String, Class<? extends Record>> types = new LinkedHashMap<>();
    types.put("web", Web.class);
    types.put("plain", Plain.class);
    return types;
  }

  record Admin(
      @Key(doc = "Address to listen on.", preset = "127.0.0.1:9090") HostPort listen,
      @Key(doc = "Password of the operator.") Optional<Secret> password) {}

  record Feeding(@Key(doc = "The stream.") String to) {}

  record Listening(
      @Key(doc = "Address to listen on.") HostPort listen,
      @Key(doc = "Who may write.") Optional<Auth> auth) {
    Listening {
      Check.guarded(listen, auth);
    }
  }

  sealed interface Auth {
    record None() implements Auth {}

    record ApiKey(@Key(doc = "The keys.") List<Secret> keys) implements Auth {}
  }

  record Web(
      @Inline Listening listening,
      @Key(doc = "Path of the endpoint.", preset = "/") String path,
      @Key(doc = "Largest body.", preset = "1MiB") ByteSize maxBody,
      @Key(doc = "How many at once.", preset = "4") int inFlight,
      @Key(doc = "Retries.") Retry retry,
      @Key(doc = "Fixed headers.") Map<String, String> headers,
      @Key(doc = "Where to report.") Optional<URI> report) {
    Web {
      Check.that(inFlight > 0, "inFlight", "must be positive");
    }
  }

  record Retry(
      @Key(doc = "First wait.", preset = "250ms") Duration first,
      @Key(doc = "Longest wait.", preset = "1m") Duration max) {
    Retry {
      Check.that(first.compareTo(max) <= 0, "first", "must not be longer than max");
    }
  }

  record Plain() {}

  @Untagged
  sealed interface When {
    @Text(what = "a duration")
    record Fixed(Duration interval) implements When {
      public static Fixed parse(String text) {
        return new Fixed(Durations.parse(text));
      }
    }

    record Between(@Key(doc = "Shortest.") Duration min, @Key(doc = "Longest.") Duration max)
        implements When {}

    record At(@Key(name = "for", doc = "The hour.") int hour) implements When {}
  }

  enum Buffer {
    DISK,
    MEMORY_ONLY
  }

  record Store(
      @Key(doc = "What holds it.", preset = "disk") Buffer buffer,
      @Key(doc = "Labels.") List<String> labels,
      @Key(doc = "Sampling.", preset = "1.0") double sample,
      @Key(doc = "Compact.", preset = "false") boolean compact,
      @Key(doc = "When to sync.", preset = "1s") When when,
      @Key(doc = "Limit.") Optional<Long> limit,
      @Key(doc = "Directory.") Optional<Path> directory) {}

  /** Binds texts that were never files. */
  static Checked<Bindings> bind(Environment environment, String... texts) {
    List<Reading.ConfigText> files = new ArrayList<>();
    for (String text : texts) {
      files.add(new Reading.ConfigText(Path.of((char) ('a' + files.size()) + ".json"), text));
    }
    Reading reading = new Reading(List.of(Path.of("a.json")), files, List.of());
    return Bindings.of(reading, LAYOUT, environment);
  }

  static Bindings good(String... texts) {
    return bind(name -> null, texts)
        .fold(
            Checked.Good::value,
            bad -> {
              throw new AssertionError(bad.problems());
            });
  }

  static List<Problem> problems(Environment environment, String... texts) {
    return bind(environment, texts)
        .fold(good -> good.value().problems().list(), Checked.Bad::problems);
  }

  static List<String> lines(String... texts) {
    return problems(name -> null, texts).stream().map(Problem::toString).toList();
  }
}
