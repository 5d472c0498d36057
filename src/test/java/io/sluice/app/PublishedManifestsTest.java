package io.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The plain manifests are what the chart renders. After a change of the chart, write them anew with
 * {@code mvn test -Dtest=PublishedManifestsTest -Dsluice.regenerate=true} and look at what changed.
 */
class PublishedManifestsTest {
  private static final Path HOME = Path.of("k8s/manifests");

  private enum Published {
    DISK(Map.of("shape", "disk")),
    MEMORY(Map.of("shape", "memory", "autoscaling.enabled", "true")),
    MONITORING(
        Map.of(
            "monitoring.serviceMonitor", "true",
            "monitoring.prometheusRule", "true",
            "monitoring.dashboard", "true"));

    // Map.of gives an unmodifiable one; the declared type cannot say so.
    @SuppressWarnings("ImmutableEnumChecker")
    private final Map<String, Object> values;

    Published(Map<String, Object> values) {
      this.values = values;
    }

    Path file() {
      return HOME.resolve(name().toLowerCase(Locale.ROOT) + ".yaml");
    }

    String content() {
      String rendered = Chart.rendered(values);
      boolean monitoring = this == MONITORING;
      return Stream.of(rendered.split("(?m)^---\n"))
          .filter(document -> document.contains("/monitoring.yaml\n") == monitoring)
          .filter(document -> document.contains("\nkind: "))
          .map(document -> "---\n" + document.strip() + "\n")
          .reduce("# Rendered from the chart in k8s/sluice: change that.\n", String::concat);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theyAreUpToDate(Published published) throws IOException {
    if (Boolean.getBoolean("sluice.regenerate")) {
      Files.createDirectories(HOME);
      Files.writeString(published.file(), published.content());
    }

    assertThat(published.file())
        .as("regenerate with -Dsluice.regenerate=true")
        .hasContent(published.content());
  }

  @ParameterizedTest
  @EnumSource
  void kubernetesKnowsEveryFieldOfThem(Published published) throws IOException {
    assertThat(Manifests.of(Files.readString(published.file())).all()).hasSizeGreaterThan(2);
  }

  @Test
  void nothingElseIsPublished() throws IOException {
    try (Stream<Path> files = Files.list(HOME)) {
      assertThat(files)
          .containsExactlyInAnyOrderElementsOf(
              Stream.of(Published.values()).map(Published::file).toList());
    }
  }
}
