package io.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.Rule;
import io.sluice.telemetry.Label;
import io.sluice.telemetry.Meters;
import io.sluice.telemetry.Metric;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Alerts and dashboard ask for metrics and labels that there are. */
class MonitoringTest {
  private static final Pattern METRIC =
      Pattern.compile("\\b((?:sluice|jvm|process|system)_\\w+)(?:\\{([^}]*)})?");
  private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)");
  private static final Pattern PART = Pattern.compile("_(bucket|count|sum|max)$");

  /** Labels that Prometheus adds, or that the parts of a histogram and meters of the JVM have. */
  private static final Set<String> ADDED = Set.of("namespace", "pod", "job", "le", "area");

  private static final List<String> EXPRESSIONS = new ArrayList<>();
  private static PrometheusRule rules;
  private static JsonNode dashboard;

  @BeforeAll
  static void render() throws IOException {
    Manifests manifests =
        Chart.manifests(
            Map.of("monitoring.prometheusRule", "true", "monitoring.dashboard", "true"));
    rules = manifests.only(PrometheusRule.class);
    dashboard =
        new ObjectMapper()
            .readTree(
                manifests.named(ConfigMap.class, "sluice-dashboard").getData().get("sluice.json"));
    rules
        .getSpec()
        .getGroups()
        .forEach(group -> group.getRules().forEach(rule -> EXPRESSIONS.add(expression(rule))));
    dashboard.findValuesAsText("expr").forEach(EXPRESSIONS::add);
  }

  private static String expression(Rule rule) {
    return rule.getExpr().getStrVal();
  }

  @Test
  void everyMetricIsThere() {
    Set<String> jvm = scraped();
    assertThat(used().keySet())
        .hasSizeGreaterThan(15)
        .allSatisfy(
            name -> assertThat(metric(name).isPresent() || jvm.contains(name)).as(name).isTrue());
  }

  @Test
  void everyLabelIsOneOfItsMetric() {
    used()
        .forEach(
            (name, labels) ->
                assertThat(labels)
                    .as(name)
                    .allMatch(label -> ADDED.contains(label) || labelsOf(name).contains(label)));
  }

  @Test
  void everyAlertSaysWhatItIsAbout() {
    assertThat(rules.getSpec().getGroups())
        .flatExtracting(group -> group.getRules())
        .allSatisfy(
            rule -> {
              assertThat(rule.getLabels()).containsKey("severity");
              assertThat(rule.getAnnotations()).containsKeys("summary", "description");
            });
  }

  @Test
  void panelsLieBesideEachOther() {
    Set<String> places = new HashSet<>();
    for (JsonNode panel : dashboard.get("panels")) {
      JsonNode place = panel.get("gridPos");
      assertThat(places.add(place.get("x") + "/" + place.get("y"))).isTrue();
      assertThat(place.get("x").asInt() + place.get("w").asInt()).isLessThanOrEqualTo(24);
    }
  }

  /** Names of metrics, with the labels that are asked of them. */
  private static Map<String, Set<String>> used() {
    return EXPRESSIONS.stream()
        .flatMap(expression -> METRIC.matcher(expression).results())
        .collect(
            Collectors.toMap(
                name -> name.group(1),
                MonitoringTest::matchers,
                (one, other) ->
                    Stream.concat(one.stream(), other.stream()).collect(Collectors.toSet())));
  }

  private static Set<String> matchers(MatchResult use) {
    return MATCHER
        .matcher(Optional.ofNullable(use.group(2)).orElse(""))
        .results()
        .map(matcher -> matcher.group(1))
        .collect(Collectors.toSet());
  }

  private static Optional<Metric> metric(String name) {
    return Stream.of(Metric.values())
        .filter(
            metric ->
                metric.prometheusName().equals(name)
                    || metric.prometheusName().equals(PART.matcher(name).replaceFirst("")))
        .findFirst();
  }

  private static Set<String> labelsOf(String name) {
    return metric(name).stream()
        .flatMap(metric -> metric.labels().stream())
        .map(Label::key)
        .collect(Collectors.toSet());
  }

  private static Set<String> scraped() {
    try (Meters meters = new Meters()) {
      return meters
          .scrape(Meters.TEXT)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split("[{ ]", 2)[0])
          .collect(Collectors.toSet());
    }
  }
}
