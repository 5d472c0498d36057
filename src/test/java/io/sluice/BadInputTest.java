package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds the page of bad input against the tests it names. */
class BadInputTest {
  private static final Path PAGE = Path.of("src/site/markdown/bad-input.md");
  private static final Path TESTS = Path.of("src/test/java");
  private static final Pattern ROW = Pattern.compile("\\| (\\d+) \\|.*\\| ([^|]+) \\|");
  private static final Pattern NAMED = Pattern.compile("`(\\w+)(?:\\.(\\w+)|: ([^`]+))`");

  private static final List<Row> ROWS = new ArrayList<>();

  private record Row(int number, String tests) {}

  @BeforeAll
  static void read() throws IOException {
    for (String line : Files.readAllLines(PAGE)) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        ROWS.add(new Row(Integer.parseInt(row.group(1)), row.group(2)));
      }
    }
  }

  @Test
  void everyRowIsThere() {
    List<Integer> wanted = IntStream.rangeClosed(1, 79).boxed().toList();

    assertThat(ROWS).extracting(Row::number).containsExactlyElementsOf(wanted);
  }

  @Test
  void everyRowNamesTestsThatExist() throws IOException {
    for (Row row : ROWS) {
      Matcher named = NAMED.matcher(row.tests());
      int tests = 0;
      while (named.find()) {
        String source = source(named.group(1));
        String wanted =
            named.group(2) == null ? "\"" + named.group(3) : " void " + named.group(2) + "(";
        assertThat(source).as("row %d", row.number()).contains(wanted);
        tests++;
      }
      assertThat(tests).as("row %d", row.number()).isPositive();
      assertThat(NAMED.matcher(row.tests()).replaceAll("").isBlank())
          .as("row %d names only tests", row.number())
          .isTrue();
    }
  }

  /** Of all the tests that have the name, in whatever package. */
  private static String source(String test) throws IOException {
    StringBuilder sources = new StringBuilder();
    try (Stream<Path> files = Files.walk(TESTS)) {
      for (Path file : files.toList()) {
        if (file.getFileName().toString().equals(test + ".java")) {
          sources.append(Files.readString(file));
        }
      }
    }
    assertThat(sources).as(test).isNotEmpty();
    return sources.toString();
  }
}
