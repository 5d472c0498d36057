package io.sluice.replica;

import io.sluice.config.Check;
import io.sluice.config.Environment;
import io.sluice.config.Key;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The Kubernetes API that replicas share, as the operator writes it; in a pod, nothing of it. */
public record KubernetesConfig(
    @Key(
            doc =
                "The API server: `https://host:port`. Without it, the one that Kubernetes names to"
                    + " its pods, in KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT.")
        Optional<String> url,
    @Key(doc = "The namespace of the Leases. Without it, the one of the service account.")
        Optional<String> namespace,
    @Key(
            doc = "File with the token to show; read again every minute, and when it is refused.",
            preset = KubernetesConfig.ACCOUNT + "token")
        Path token,
    @Key(
            doc = "File with the authorities that sign the API server's certificate, in PEM.",
            preset = KubernetesConfig.ACCOUNT + "ca.crt")
        Path ca,
    @Key(
            doc =
                "Most requests a second, besides those for signs of life; more wait for their"
                    + " turn.",
            preset = "10")
        int requestsPerSecond,
    @Key(doc = "Longest one request may take.", preset = "3s") Duration timeout) {
  static final String ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount/";

  private static final int MOST = 1000;
  private static final int HTTPS = 443;
  private static final Duration LONGEST = Duration.ofMinutes(1);

  /** A DNS label: RFC 1123 section 2.1. */
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  public KubernetesConfig {
    Check.that(
        url.map(KubernetesConfig::names).orElse(true), "url", "must be like https://host:port");
    Check.that(
        namespace.map(name -> LABEL.matcher(name).matches()).orElse(true),
        "namespace",
        "must be 1 to 63 of the characters a-z 0-9 - with no - at its ends");
    Check.that(
        requestsPerSecond > 0 && requestsPerSecond <= MOST,
        "requestsPerSecond",
        "must be between 1 and " + MOST);
    Check.that(!timeout.isZero() && !timeout.isNegative(), "timeout", "must be positive");
    Check.that(timeout.compareTo(LONGEST) <= 0, "timeout", "must not be longer than 1m");
  }

  private static boolean names(String url) {
    try {
      URI at = URI.create(url);
      return "https".equals(at.getScheme())
          && at.getHost() != null
          && at.getRawUserInfo() == null
          && at.getRawQuery() == null
          && at.getRawFragment() == null
          && (at.getRawPath().isEmpty() || at.getRawPath().equals("/"));
    } catch (IllegalArgumentException bad) {
      return false;
    }
  }

  /** Where an API server is. */
  record At(String host, int port) {}

  /** Whether anybody says where it is. */
  public boolean isKnown(Environment environment) {
    return at(environment).isPresent();
  }

  /** Where it is; empty when nobody says so. */
  Optional<At> at(Environment environment) {
    if (url.isPresent()) {
      URI at = URI.create(url.get());
      String host = at.getHost();
      // Brackets are of the URL, not of the address.
      return Optional.of(
          new At(
              host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
              at.getPort() < 0 ? HTTPS : at.getPort()));
    }
    @Nullable String host = environment.get("KUBERNETES_SERVICE_HOST");
    @Nullable String port = environment.get("KUBERNETES_SERVICE_PORT");
    return host == null || host.isBlank() || port == null || !port.matches("\\d{1,5}")
        ? Optional.empty()
        : Optional.of(new At(host, Integer.parseInt(port)));
  }
}
