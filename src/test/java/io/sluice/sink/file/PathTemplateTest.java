package io.sluice.sink.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.sink.Deliveries;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathTemplateTest {
  private static Path file(String template, String key, int number) throws UnfitPathException {
    return PathTemplate.parse(template, "")
        .resolve("archive", "events", Deliveries.JSON, key)
        .file(number);
  }

  @ParameterizedTest
  @CsvSource({
    "/o/all.ndjson, 0, /o/all.ndjson",
    "/o/all.ndjson, 1, /o/all-0001.ndjson",
    "/o/all.ndjson.gz, 12, /o/all-0012.ndjson.gz",
    "/o/all, 3, /o/all-0003",
    "/o/{stream}-{date}.ndjson, 0, /o/events-2026-03-04.ndjson",
    "/o/{date}/{hour}/{sink}-{source}.log, 0, /o/2026-03-04/05/archive-app.log",
    "/o/{key}/{seq}-x.log, 0, /o/k/0000-x.log",
    "/o/{key}/{seq}-x.log, 7, /o/k/0007-x.log",
    "/o/{stream}.{key}, 2, /o/events-0002.k",
  })
  void fillsItsPlaces(String template, int number, String path) throws UnfitPathException {
    assertThat(file(template, "k", number)).isEqualTo(Path.of(path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        "...",
        ".hidden",
        "../x",
        "..\\x",
        "/etc/passwd",
        "a/b",
        "a\\b",
        "a/../../b",
        "%2e%2e",
        "%2e%2e%2f",
        "..%c0%af",
        "a\0b",
        "a\nb",
        "a b",
        "a:b",
        "~",
        "~root",
        "$HOME",
        "{seq}",
        "ünicode",
        "\u2024\u2024",
        "\uff0e\uff0e",
        "CON",
        "con",
        "nul.txt",
        "Com1",
        "LPT9.log",
        "aux.",
        "trailing.",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      })
  void refusesWhatCannotBePartOfAPath(String key) {
    assertThatThrownBy(() -> file("/o/{key}/x.log", key, 0))
        .isInstanceOf(UnfitPathException.class)
        .hasMessage("the key cannot be part of a path");
  }

  @Test
  void neverLeavesItsRootWhateverTheKey() {
    Random random = new Random(7);
    String letters = "./\\~%:-_ aZ9\0\n\u00e9\u2024";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder key = new StringBuilder();
      for (int k = random.nextInt(8); k >= 0; k--) {
        key.append(letters.charAt(random.nextInt(letters.length())));
      }
      try {
        Path file = file("/o/in/{key}/{key}.{key}", key.toString(), 1);
        assertThat(file.normalize()).isEqualTo(file);
        assertThat(file).startsWithRaw(Path.of("/o/in"));
        assertThat(file.getNameCount()).isEqualTo(4);
      } catch (UnfitPathException refused) {
        assertThat(key.toString()).doesNotMatch("[A-Za-z0-9_-]{1,8}");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/o/",
        "/o/..",
        "/o/{nope}.log",
        "/o/{stream.log",
        "/o/stream}.log",
        "/o/{key}/../../x",
        "/o/{seq}/x.log",
        "/o/{seq}{seq}.log",
        "/o/a\nb"
      })
  void refusesATemplateThatMakesNoSense(String template) {
    assertThatThrownBy(() -> PathTemplate.parse(template, ""))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void rootIsWhatIsFixed() {
    assertThat(PathTemplate.parse("/o/in/x-{key}/y", "").root()).isEqualTo(Path.of("/o/in"));
    assertThat(PathTemplate.parse("{key}/y", "").root()).isEqualTo(Path.of("").toAbsolutePath());
  }

  @Test
  void knowsTheNumberInAName() {
    Target target = new Target(Path.of("/o"), "all", ".log", false);
    assertThat(target.numberIn("all.log")).isZero();
    assertThat(target.numberIn("all-0042.log")).isEqualTo(42);
    assertThat(target.numberIn("all-42.log")).isEqualTo(-1);
    assertThat(target.numberIn("all-x.log")).isEqualTo(-1);
    assertThat(target.numberIn("al.log")).isEqualTo(-1);
    assertThat(target.numberIn("all-99999999999.log")).isEqualTo(-1);
  }

  @Test
  void addsTheEndingOfItsCompression() throws UnfitPathException {
    Target target =
        PathTemplate.parse("/o/a.log", ".gz").resolve("s", "events", Deliveries.JSON, "_");

    assertThat(target.file(1)).isEqualTo(Path.of("/o/a-0001.log.gz"));
  }
}
