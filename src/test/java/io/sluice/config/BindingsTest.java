package io.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sluice.config.Samples.Auth;
import io.sluice.config.Samples.Buffer;
import io.sluice.config.Samples.Feeding;
import io.sluice.config.Samples.Listening;
import io.sluice.config.Samples.Retry;
import io.sluice.config.Samples.Store;
import io.sluice.config.Samples.Web;
import io.sluice.config.Samples.When;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BindingsTest {
  private static final When SECONDLY = new When.Fixed(Duration.ofSeconds(1));

  @Test
  void everyKindOfKeyIsBound() {
    Bindings bindings =
        Samples.good(
            """
            { "$schema": "x.json",
              "sources": { "in": { "type": "web", "to": "events", "listen": "0.0.0.0:80", "path": "/e",
                "auth": { "type": "api-key", "keys": ["k1", "k2"] }, "maxBody": "2MiB", "inFlight": 8,
                "retry": { "first": "1s" }, "headers": { "a/b": "c" }, "report": "https://a.example/" } },
              "streams": { "events": { "buffer": "memory-only", "labels": "one", "sample": 0.5,
                "compact": true, "limit": 5000000000, "directory": "/tmp/x", "when": { "for": 7 } } } }
            """);

    Bindings.Entry in = bindings.section("sources").get(0);
    assertThat(in.name()).isEqualTo("in");
    assertThat(in.pointer()).isEqualTo("/sources/in");
    assertThat(in.type()).contains("web");
    assertThat(in.common()).contains(new Feeding("events"));
    assertThat(in.special())
        .contains(
            new Web(
                new Listening(
                    new HostPort("0.0.0.0", 80),
                    Optional.of(new Auth.ApiKey(List.of(Secret.parse("k1"), Secret.parse("k2"))))),
                "/e",
                ByteSize.parse("2MiB"),
                8,
                new Retry(Duration.ofSeconds(1), Duration.ofMinutes(1)),
                Map.of("a/b", "c"),
                Optional.of(URI.create("https://a.example/"))));
    assertThat(bindings.section("streams").get(0).common())
        .contains(
            new Store(
                Buffer.MEMORY_ONLY,
                List.of("one"),
                0.5,
                true,
                new When.At(7),
                Optional.of(5_000_000_000L),
                Optional.of(Path.of("/tmp/x"))));
    assertThat(bindings.problems().list()).isEmpty();
  }

  @Test
  void whatIsLeftOutHasItsPreset() {
    Bindings bindings = Samples.good("{\"streams\": {\"events\": {}}}");

    assertThat(bindings.section("admin").get(0).common())
        .contains(new Samples.Admin(new HostPort("127.0.0.1", 9090), Optional.empty()));
    assertThat(bindings.section("streams").get(0).common())
        .contains(
            new Store(
                Buffer.DISK, List.of(), 1.0, false, SECONDLY, Optional.empty(), Optional.empty()));
    assertThat(bindings.section("sources")).isEmpty();
  }

  @Test
  void laterFilesAreMergedIntoEarlierOnesKeyByKey() {
    Bindings bindings =
        Samples.good(
            "{\"streams\": {\"a\": {\"limit\": 1, \"labels\": [\"x\", \"y\"]}, \"b\": {}}}",
            "{\"streams\": {\"c\": {}, \"a\": {\"labels\": [\"z\"], \"compact\": true}}}");

    assertThat(bindings.section("streams"))
        .extracting(Bindings.Entry::name)
        .containsExactly("a", "b", "c");
    assertThat(bindings.section("streams").get(0).common())
        .contains(
            new Store(
                Buffer.DISK, List.of("z"), 1.0, true, SECONDLY, Optional.of(1L), Optional.empty()));
  }

  @Test
  void problemsAreLocatedInTheFileThatSaidIt() {
    assertThat(
            Samples.lines(
                "{\"streams\": {\"a\": {\"limit\": 1}}}",
                "{\n \"streams\": {\"a\": {\"limit\": \"2\"}}}"))
        .containsExactly("b.json:2:29: /streams/a/limit: must be a whole number, but is a string");
  }

  @Test
  void everythingWrongIsToldAtOnce() {
    List<String> lines =
        Samples.lines(
            """
            { "sources": {
                "in": { "type": "web", "lisen": "127.0.0.1:80", "inFlight": 0, "maxBody": "2MB",
                        "headers": { "x": 1 }, "retry": { "first": "5m" } },
                "on": { "type": "webb", "to": "events" },
                "no": [] },
              "streams": { ".x": { "buffer": "memory_only", "limit": null } },
              "sinks": {} }
            """);

    assertThat(lines)
        .containsExactly(
            "a.json:2:11: /sources/in/listen: is missing: Address to listen on.",
            "a.json:2:11: /sources/in/to: is missing: The stream.",
            "a.json:2:28: /sources/in/lisen: unknown key \"lisen\"; did you mean \"listen\"?",
            "a.json:2:79: /sources/in/maxBody: must be a whole number and a unit of B, KiB, MiB,"
                + " GiB or TiB, like 64KiB",
            "a.json:3:31: /sources/in/headers/x: must be a string, but is a number (1)",
            "a.json:3:56: /sources/in/retry/first: must not be longer than max",
            "a.json:4:21: /sources/on/type: unknown type \"webb\": must be one of web, plain; did"
                + " you mean \"web\"?",
            "a.json:5:11: /sources/no: must be an object, but is an array",
            "a.json:6:16: /streams/.x: the name \".x\" must be 1 to 64 of the characters A-Z a-z"
                + " 0-9 . _ - and not begin with a dot",
            "a.json:6:34: /streams/.x/buffer: \"memory_only\" is not one of disk, memory-only; did"
                + " you mean \"memory-only\"?",
            "a.json:6:58: /streams/.x/limit: is null; leave the key out for its default",
            "a.json:7:3: /sinks: unknown key \"sinks\"; known here: admin, sources, streams");
  }

  @Test
  void aListenerOpenToTheWorldWithoutAuthIsRefusedWithThatSentence() {
    assertThat(
            Samples.lines(
                """
                {"sources": {"in": {"type": "web", "to": "x", "listen": "0.0.0.0:80"}}}\
                """))
        .containsExactly(
            "a.json:1:20: /sources/in/auth: is missing: a listener on a non-loopback address needs"
                + " `auth`; \"auth\": {\"type\": \"none\"} says so on purpose");
  }

  @Test
  void keysThatOnlyAnotherTypeHasAreUnknown() {
    assertThat(
            Samples.lines(
                """
                {"sources": {"in": {"type": "plain", "to": "x", "path": "/"}}}\
                """))
        .containsExactly(
            "a.json:1:49: /sources/in/path: unknown key \"path\"; known here: type, to");
  }

  @Test
  void aFormIsKnownByWhatIsThere() {
    assertThat(
            Samples.lines("{\"streams\": {\"a\": {\"when\": {\"min\": \"1s\", \"max\": \"2s\"}}}}"))
        .isEmpty();
    assertThat(
            Samples.lines(
                """
                {"streams": {"a": {"when": "soon"}, "b": {"when": 5}, "c": {"when": {"max": "1s"}},
                  "d": {"when": {"min": "1s", "for": 1}}, "e": {"when": {"for": 1, "max": "1s"}},
                  "f": {"when": {"min": "1s"}}}}\
                """))
        .containsExactly(
            "a.json:1:28: /streams/a/when: must be a whole number and a unit of ms, s, m, h or d,"
                + " like 30s",
            "a.json:1:51: /streams/b/when: must be a duration, or an object with one of the keys"
                + " for, min, but is a number",
            "a.json:1:69: /streams/c/when: must be a duration, or an object with one of the keys"
                + " for, min",
            "a.json:2:17: /streams/d/when: has for and min: only one of them can be there",
            "a.json:2:68: /streams/e/when/max: unknown key \"max\"; known here: for",
            "a.json:3:17: /streams/f/when/max: is missing: Longest.");
  }

  @Test
  void recordsWithoutDocumentationAreAProgrammersMistake() {
    record Silent(String key) {}

    assertThatIllegalArgumentException().isThrownBy(() -> Shape.of(Silent.class));
  }

  @Test
  void fiveThousandEndpointsBindInUnderTwoSeconds() {
    StringBuilder text = new StringBuilder("{\"sources\": {");
    for (int i = 0; i < 5_000; i++) {
      text.append(i == 0 ? "" : ",\n")
          .append("\"s")
          .append(i)
          .append(
              "\": {\"type\": \"web\", \"to\": \"events\", \"listen\": \"127.0.0.1:8080\","
                  + " \"path\": \"/v1/events/")
          .append(i)
          .append(
              "\", \"maxBody\": \"2MiB\", \"inFlight\": 2, \"retry\": {\"first\": \"1s\", \"max\":"
                  + " \"10s\"},")
          .append(" \"headers\": {\"accept\": \"application/x-ndjson\"}}");
    }
    String json = text.append("}}").toString();
    assertThat(json.length()).isGreaterThan(1 << 20);

    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long start = threads.getCurrentThreadCpuTime();
    Bindings bindings = Samples.good(json);

    // Processor time, so that a busy machine does not decide.
    assertThat(Duration.ofNanos(threads.getCurrentThreadCpuTime() - start))
        .isLessThan(Duration.ofSeconds(2));
    assertThat(bindings.section("sources")).hasSize(5_000);
  }
}
