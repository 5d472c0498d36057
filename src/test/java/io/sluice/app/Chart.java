package io.sluice.app;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The Helm chart, rendered without a cluster. */
final class Chart {
  static final Path HOME = Path.of("k8s/sluice");

  /** What the published manifests are called. */
  static final String RELEASE = "sluice";

  /** The oldest Kubernetes the chart is for. */
  private static final String OLDEST = "1.27.0";

  /** By values: rendering takes a quarter of a second. */
  private static final Map<Map<String, Object>, String> RENDERED = new ConcurrentHashMap<>();

  private Chart() {}

  static LintResult lint() {
    return new Helm(HOME).lint().strict().call();
  }

  /**
   * The manifests as YAML.
   *
   * @throws RuntimeException when the chart does not take the values, or renders no YAML
   */
  static String rendered(Map<String, Object> values) {
    return RENDERED.computeIfAbsent(Map.copyOf(values), Chart::render);
  }

  private static String render(Map<String, Object> values) {
    TemplateCommand template = new Helm(HOME).template().withName(RELEASE).withKubeVersion(OLDEST);
    values.forEach(template::set);
    return template.call();
  }

  static Manifests manifests(Map<String, Object> values) {
    return Manifests.of(rendered(values));
  }
}
