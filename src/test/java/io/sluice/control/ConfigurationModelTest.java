package io.sluice.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.config.Bindings;
import io.sluice.config.Checked;
import io.sluice.config.HostPort;
import io.sluice.config.Problem;
import io.sluice.config.Reading;
import io.sluice.connector.Claim;
import io.sluice.delivery.BatchConfig;
import io.sluice.delivery.RetryConfig;
import io.sluice.delivery.SinkSettings;
import io.sluice.stream.StreamSettings;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigurationModelTest {
  private static final Path FILE = Path.of("sluice.json");

  @Test
  void whatIsWantedBecomesSpecs() {
    Configuration<Fakes.Admin> configuration =
        check(
                """
                {"admin": {"listen": "127.0.0.1:1"},
                 "sources": {"in": {"type": "door", "listen": "127.0.0.1:2", "to": "events"}},
                 "streams": {"more": {"buffer": "memory"}},
                 "sinks": {"out": {"type": "pit", "path": "p", "from": "events", "inFlight": 2,
                           "onRefused": "halt"}}}
                """)
            .fold(
                Checked.Good::value,
                bad -> {
                  throw new AssertionError(bad.problems());
                });

    Settings settings = configuration.settings();
    assertThat(configuration.admin()).isEqualTo(new Fakes.Admin(new HostPort("127.0.0.1", 1)));
    assertThat(configuration.masked().get()).contains("\"listen\" : \"127.0.0.1:2\"");
    assertThat(settings.sources()).containsOnlyKeys("in");
    SourceSpec in = settings.sources().get("in");
    assertThat(in.to()).isEqualTo("events");
    assertThat(in.config()).isEqualTo(new Fakes.Door(new HostPort("127.0.0.1", 2), "/", "plain"));
    assertThat(in.claims()).contains(new Claim("route", "127.0.0.1:2/"));
    assertThat(settings.streams()).containsOnlyKeys("more", "events");
    assertThat(settings.streams().get("events"))
        .isEqualTo(Bindings.presets(StreamSettings.class))
        .satisfies(events -> assertThat(events.limit()).hasToString("10GiB"));
    assertThat(settings.streams().get("more").limit()).hasToString("64MiB");
    SinkSpec out = settings.sinks().get("out");
    assertThat(out.settings().from()).containsExactly("events");
    assertThat(out.settings().batch()).isEqualTo(Bindings.presets(BatchConfig.class));
    assertThat(out.settings().retry()).isEqualTo(Bindings.presets(RetryConfig.class));
    assertThat(out.settings().inFlight()).contains(2);
    assertThat(out.settings().onRefused()).isEqualTo(SinkSettings.OnRefused.HALT);
    assertThat(out.config()).isEqualTo(new Fakes.Pit("p"));
  }

  @Test
  void readingTheSameTwiceGivesEqualSettings() {
    String json =
        """
        {"sources": {"in": {"type": "door", "listen": "127.0.0.1:2", "to": "events"}},
         "sinks": {"out": {"type": "pit", "path": "p", "from": ["events"]}}}
        """;

    // All but where to put later blame, which is that reading's own.
    assertThat(good(json)).usingRecursiveComparison().ignoringFields("blame").isEqualTo(good(json));
    assertThat(good(json).settings()).isEqualTo(good(json).settings());
  }

  @Test
  void whatDoesNotFitTogetherIsToldAtOnce() {
    assertThat(
            lines(
                """
                { "sources": {
                    "a": { "type": "door", "listen": "127.0.0.1:2", "to": "events" },
                    "b": { "type": "door", "listen": "127.0.0.1:2", "to": ".x" },
                    "c": { "type": "dor", "listen": "127.0.0.1:2", "to": "events" },
                    "d": { "type": "door", "listen": "127.0.0.1:2", "to": "events" } },
                  "sinks": {
                    "e": { "type": "pit", "path": "p", "from": [] },
                    "f": { "type": "pit", "path": "p", "from": ["events", "events"] },
                    "g": { "type": "pit", "path": "p", "from": "events", "inFlight": 0 },
                    "h": { "type": "pit", "path": "p", "from": "events", "batch": { "maxEvents": 0 },
                           "retry": { "max": "1ms" }, "onRefused": "dead_letter" },
                    "i": { "type": "pit", "path": "p", "from": "events" },
                    "j": { "type": "pit", "path": "p", "from": "events" } } }
                """))
        .containsExactly(
            "sluice.json:3:59: /sources/b/to: names a stream: it must be 1 to 64 of the characters"
                + " A-Z a-z 0-9 . _ - and not begin with a dot",
            "sluice.json:4:20: /sources/c/type: unknown type \"dor\": must be one of door; did you"
                + " mean \"door\"?",
            "sluice.json:5:10: /sources/d: needs the route 127.0.0.1:2/ for itself, and so does"
                + " /sources/a; change one of the two",
            "sluice.json:7:48: /sinks/e/from: must name at least one stream",
            "sluice.json:8:48: /sinks/f/from: names a stream twice",
            "sluice.json:9:70: /sinks/g/inFlight: must be positive",
            "sluice.json:10:82: /sinks/h/batch/maxEvents: must be positive",
            "sluice.json:11:30: /sinks/h/retry/max: must not be less than first",
            "sluice.json:11:52: /sinks/h/onRefused: \"dead_letter\" is not one of dead-letter,"
                + " halt, drop; did you mean \"dead-letter\"?",
            "sluice.json:13:10: /sinks/j: needs the file p for itself, and so does /sinks/i; change"
                + " one of the two");
  }

  @Test
  void whatIsToBeSharedNeedsADatabase() {
    String streams =
        """
        "sources": {"in": {"type": "door", "listen": "127.0.0.1:2", "to": "events"}},
        "streams": {"events": {"dedupe": {"by": "/id", "shared": true}, "sessions": "shared"}},
        "sinks": {"one": {"type": "pit", "path": "p", "from": "events"}}}
        """;
    String[] refused = {
      "sluice.json:2:58: /streams/events/dedupe/shared: needs a database that replicas share, and"
          + " `replicas` has none; say where it is in `replicas`, under `database`",
      "sluice.json:2:77: /streams/events/sessions: needs a database that replicas share, and"
          + " `replicas` has none; say where it is in `replicas`, under `database`"
    };
    assertThat(lines("{" + streams)).containsExactly(refused);
    assertThat(lines("{\"replicas\": {\"name\": \"a\"}, " + streams)).containsExactly(refused);
    assertThat(
            lines(
                "{\"replicas\": {\"database\": {\"url\": \"postgresql://h/d\", \"user\": \"u\"}}, "
                    + streams))
        .isEmpty();
  }

  @Test
  void portsThatNotAllCanHaveAreRefused() {
    assertThat(
            lines(
                """
                {"admin": {"listen": "127.0.0.1:1"},
                 "sources": {"a": {"type": "door", "listen": "127.0.0.1:2", "path": "/a", "to": "events"},
                             "b": {"type": "door", "listen": "127.0.0.1:2", "path": "/b", "to": "events"},
                             "c": {"type": "door", "listen": "127.0.0.1:2", "path": "/c", "to": "events",
                                   "manner": "loud"},
                             "d": {"type": "door", "listen": "127.0.0.1:1", "to": "events"},
                             "e": {"type": "door", "listen": "0.0.0.0:2", "to": "events"},
                             "f": {"type": "door", "listen": "[::1]:2", "to": "events"},
                             "g": {"type": "door", "listen": "127.0.0.1:0", "to": "events"},
                             "h": {"type": "door", "listen": "127.0.0.1:0", "path": "/h", "to": "events",
                                   "manner": "loud"}},
                 "sinks": {"one": {"type": "pit", "path": "p", "from": "events"}}}
                """))
        .containsExactly(
            "sluice.json:4:19: /sources/c: shares the port 127.0.0.1:2 with /sources/a and has to"
                + " agree with it: manner loud here, manner plain there; change one of the two",
            "sluice.json:6:19: /sources/d: needs the port 127.0.0.1:1, which /admin has for itself;"
                + " change one of the two",
            "sluice.json:7:19: /sources/e: needs the port 0.0.0.0:2, but /sources/a has the port"
                + " 127.0.0.1:2; change one of the two",
            "sluice.json:8:19: /sources/f: needs the port [::1]:2, but /sources/e has the port"
                + " 0.0.0.0:2; change one of the two");
  }

  @Test
  void sinksOfStreamsThatDoNotExistAreRefused() {
    assertThat(
            lines(
                """
                {"sources": {"in": {"type": "door", "listen": "127.0.0.1:2", "to": "events"}},
                 "streams": {"idle": {}},
                 "sinks": {"one": {"type": "pit", "path": "p", "from": "event"},
                           "two": {"type": "pit", "path": "q", "from": ["events", "nothing-like-it"]},
                           "three": {"type": "pit", "path": "r", "from": "idle"}}}
                """))
        .containsExactly(
            "sluice.json:3:56: /sinks/one/from: there is no stream \"event\": none is declared, and"
                + " no source goes to it; did you mean \"events\"?",
            "sluice.json:4:67: /sinks/two/from/1: there is no stream \"nothing-like-it\": none is"
                + " declared, and no source goes to it",
            "sluice.json:5:58: warning: /sinks/three/from: no source goes to the stream \"idle\"");
  }

  @Test
  void nothingIsSaidThatAFaultElsewhereCouldMakeUntrue() {
    assertThat(
            lines(
                """
                {"sources": {"in": {"type": "door", "listen": "127.0.0.1:2", "to": 5}},
                 "sinks": {"one": {"type": "pit", "path": "p", "from": "events"}}}
                """))
        .containsExactly("sluice.json:1:68: /sources/in/to: must be a string, but is a number (5)");
  }

  @Test
  void whatIsProbablyNotMeantIsAWarning() {
    assertThat(lines("{}"))
        .containsExactly(
            "sluice.json:1:1: warning: /sources: there is no source, so nothing comes in");
    assertThat(
            lines(
                """
                {"sources": {"in": {"type": "door", "listen": "127.0.0.1:2", "to": "events"}}}\
                """))
        .containsExactly(
            "sluice.json:1:68: warning: /sources/in/to: no sink takes from the stream \"events\","
                + " so it will fill up");
    assertThat(check("{}")).isInstanceOf(Checked.Good.class);
  }

  private static Checked<Configuration<Fakes.Admin>> check(String json) {
    Reading reading =
        new Reading(List.of(FILE), List.of(new Reading.ConfigText(FILE, json)), List.of());
    return Fakes.MODEL.check(reading, name -> null);
  }

  private static Configuration<Fakes.Admin> good(String json) {
    return check(json)
        .fold(
            Checked.Good::value,
            bad -> {
              throw new AssertionError(bad.problems());
            });
  }

  private static List<String> lines(String json) {
    List<Problem> problems = check(json).fold(Checked.Good::warnings, Checked.Bad::problems);
    return problems.stream().map(Problem::toString).toList();
  }
}
