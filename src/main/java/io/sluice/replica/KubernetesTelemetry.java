package io.sluice.replica;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.telemetry.Label;
import io.sluice.telemetry.Metric;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What can happen to requests to the Kubernetes API. Confined as its {@link KubernetesApi}. */
final class KubernetesTelemetry {
  private static final Logger LOG = LoggerFactory.getLogger(KubernetesTelemetry.class);

  private final MeterRegistry meters;
  private final Set<String> missing = new HashSet<>();
  private boolean away;

  KubernetesTelemetry(MeterRegistry meters) {
    this.meters = meters;
  }

  /** One request came to something. */
  void asked(String outcome, long nanos) {
    Metric.KUBERNETES.timer(meters, Label.OUTCOME.of(outcome)).record(nanos, TimeUnit.NANOSECONDS);
  }

  /** Signs of life say whether the API is there. */
  void reached() {
    if (away) {
      away = false;
      LOG.atInfo().log("the Kubernetes API can be used again");
    }
  }

  /** A sign of life came to nothing. */
  void unreached(Throwable why) {
    if (!away) {
      away = true;
      LOG.atWarn().addKeyValue("why", why).log("the Kubernetes API cannot be used");
    }
  }

  /** A right is missing: said once. */
  void forbidden(String verb, String namespace) {
    if (missing.add(verb)) {
      LOG.atError()
          .addKeyValue("verb", verb)
          .addKeyValue("resource", "leases.coordination.k8s.io")
          .addKeyValue("namespace", namespace)
          .log("the service account lacks a right: a Role with this verb on this resource");
    }
  }
}
