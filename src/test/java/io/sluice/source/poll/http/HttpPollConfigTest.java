package io.sluice.source.poll.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.connector.Findings;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings that make no sense, and values that settings are made of. */
class HttpPollConfigTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "\"url\": \"https://h/{cursor}\"|/cursor|is missing",
        "\"url\": \"https://h/\", \"cursor\": {\"max\": \"/n\"}|/cursor|of no use",
        "\"url\": \"https://h/\", \"method\": \"PUT\"|/method|GET or POST",
        "\"url\": \"https://h/\", \"body\": \"x\"|/body|needs the method POST",
        "\"url\": \"https://h/\", \"headers\": {\"Host\": \"x\"}|/headers|must not have \"Host\"",
        "\"url\": \"https://h/\", \"headers\": {\"a b\": \"x\"}|/headers|must not have",
        "\"url\": \"https://h/\", \"headers\": {\"A\": \"x\\r\\ny\"}|/headers|visible ASCII",
        "\"url\": \"https://h/\", \"records\": \"items\"|/records|JSON pointer",
        "\"url\": \"https://h/\", \"records\": \"/a~2\"|/records|~ is written ~0",
        "\"url\": \"https://h/\", \"pages\": \"links\"|/pages|must be `link`",
        "\"url\": \"https://h/\", \"pages\": {\"next\": \"/n\"}|/pages|needs records",
        "\"url\": \"https://h/{cursor}\", \"cursor\": {\"next\": \"/n\"}|/cursor|needs records",
        "\"url\": \"https://h/\", \"maxBytes\": \"0B\"|/maxBytes|must be positive",
        "\"url\": \"https://h/\", \"connectTimeout\": \"1h\"|/connectTimeout|at most 5m",
        "\"url\": \"https://h/\", \"accept\": [\"text\"]|/accept|media types",
        "\"url\": \"https://h/\", \"tls\": {\"cert\": \"a.pem\"}|/tls/key|goes with cert"
      })
  void areRefused(String json, String pointer, String why) {
    assertThat(HttpPolling.problems(json))
        .singleElement()
        .asString()
        .contains("/sources/orders" + pointer)
        .contains(why);
  }

  @Test
  void credentialsGoToOnePlace() {
    assertThat(
            HttpPolling.problems(
                "\"url\": \"https://h/\", \"headers\": {\"authorization\": \"x\"},"
                    + " \"auth\": {\"type\": \"bearer\", \"token\": \"0000\"}"))
        .singleElement()
        .asString()
        .contains("must not have Authorization where there is auth");
  }

  @Test
  void filesOfTlsThatCannotBeUsedAndSecretsWithoutTlsAreFound() {
    List<String> found = new ArrayList<>();
    Findings findings =
        new Findings() {
          @Override
          public void error(String key, String message) {
            found.add("error " + key + " " + message);
          }

          @Override
          public void warning(String key, String message) {
            found.add("warning " + key + " " + message);
          }
        };
    HttpPollFactory factory = new HttpPollFactory();

    factory.inspect(
        HttpPolling.config("\"url\": \"https://h/\", \"tls\": {\"ca\": \"gone.pem\"}"), findings);
    factory.inspect(
        HttpPolling.config(
            "\"allowPrivate\": false, \"url\": \"http://h/\", \"headers\": {\"X-Key\": \"0000\"}"),
        findings);

    assertThat(found).hasSize(2);
    assertThat(found.get(0)).isEqualTo("error tls/ca gone.pem is missing");
    assertThat(found.get(1)).startsWith("warning url has http").doesNotContain("0000");
  }

  @Test
  void marksHaveOneOrderWhateverIsCompared() {
    List<String> ordered =
        List.of(
            "-1e3",
            "-2.50",
            "0",
            "9",
            "10",
            "1e2",
            "99999999999999999999",
            "1e9999",
            "2026-01-01T00:30:00+01:00",
            "2026-01-01T00:00:00Z",
            "2026-01-01T00:00:00.000000001Z",
            "2026-01-01T00:00:01-00:00",
            "",
            "2026-01-01",
            "A",
            "a",
            "b");
    long seed = System.nanoTime();
    List<Mark> marks = new ArrayList<>(ordered.stream().map(Mark::of).toList());
    Collections.shuffle(marks, new Random(seed));
    Collections.sort(marks);

    assertThat(marks).as("seed %d", seed).extracting(Mark::text).containsExactlyElementsOf(ordered);
    assertThat(Mark.of("1.0")).isEqualByComparingTo(Mark.of("1"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "<https://h/b>; rel=\"next\"|https://h/b",
        "<https://h/a>; rel=prev, </b?x=1,2>; rel=next|/b?x=1,2",
        "<a>;title=\"x, <y>; rel=next\";rel=prev,<b>;REL=\"Last NEXT\"|b",
        "<a>; rel=\"nextish\"|none",
        "<a>; rel=prev; rel=next|none",
        "<a; rel=next|none",
        "rel=next|none",
        "<a>|none",
        "<a>; title=\"\\\"; rel=next\"|none",
        "< a >  ;  rel  =  next|a"
      })
  void linksAreReadAsTheyAreMeant(String header, String next) {
    assertThat(Links.next(List.of(header))).isEqualTo(Optional.ofNullable(next));
  }

  @Test
  void aParameterTakesThePlaceOfThoseOfItsName() {
    assertThat(Urls.with(URI.create("https://h?p=1&a=%26&pp=2&p=3"), "p", "x y&z"))
        .hasToString("https://h?a=%26&pp=2&p=x%20y%26z");
    assertThat(Urls.with(URI.create("https://h/x"), "a[b]", "ü"))
        .hasToString("https://h/x?a%5Bb%5D=%C3%BC");
  }
}
