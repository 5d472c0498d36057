package io.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import io.sluice.config.Checked;
import io.sluice.config.Reading;
import io.sluice.journal.Journal;
import io.sluice.telemetry.Meters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The chart in {@code k8s/sluice}. */
class ChartTest {
  /** The chart's two shapes, each with all there is. */
  private enum Shape {
    DISK(
        Map.of(
            "shape", "disk",
            "persistence.storageClass", "fast")),
    MEMORY(
        Map.of(
            "shape", "memory",
            "autoscaling.enabled", "true"));

    // Map.of gives an unmodifiable one; the declared type cannot say so.
    @SuppressWarnings("ImmutableEnumChecker")
    private final Map<String, Object> values;

    Shape(Map<String, Object> values) {
      this.values = values;
    }

    Manifests manifests() {
      return Chart.manifests(with("secrets[0]", "keys", "restartOnConfigChange", "true"));
    }

    Map<String, Object> with(String... more) {
      Map<String, Object> all = new HashMap<>(values);
      for (int i = 0; i < more.length; i += 2) {
        all.put(more[i], more[i + 1]);
      }
      return all;
    }
  }

  @Test
  void theLinterHasNothingToSay() {
    assertThat(Chart.lint().getMessages())
        .allSatisfy(message -> assertThat(message).contains("icon is recommended"));
    assertThat(Chart.lint().isFailed()).isFalse();
  }

  @Test
  void aFieldThatKubernetesDoesNotKnowIsFound() {
    String wrong = Chart.rendered(Shape.DISK.with()).replace("containerPort:", "containerPrt:");

    assertThatThrownBy(() -> Manifests.of(wrong)).hasMessageContaining("containerPrt");
  }

  @Test
  void probesAndMonitorGoOverTlsWhereTheAdminListenerHasIt() {
    Map<String, Object> tls =
        Map.of(
            "admin.tls.cert", "/tls/tls.crt",
            "admin.tls.key", "/tls/tls.key",
            "monitoring.serviceMonitor", "true",
            "monitoring.tlsConfig.insecureSkipVerify", "true");

    Manifests manifests = Chart.manifests(tls);
    String admin = manifests.named(ConfigMap.class, "sluice").getData().get("admin.json");
    Container gateway =
        manifests.only(StatefulSet.class).getSpec().getTemplate().getSpec().getContainers().get(0);

    assertThat(admin).contains("\"cert\": \"/tls/tls.crt\"");
    assertThat(
            List.of(
                gateway.getStartupProbe(), gateway.getLivenessProbe(), gateway.getReadinessProbe()))
        .allSatisfy(probe -> assertThat(probe.getHttpGet().getScheme()).isEqualTo("HTTPS"));
    assertThat(manifests.only(ServiceMonitor.class).getSpec().getEndpoints().get(0))
        .satisfies(
            endpoint -> {
              assertThat(endpoint.getScheme()).isEqualTo("https");
              assertThat(endpoint.getTlsConfig().getInsecureSkipVerify()).isTrue();
            });
  }

  @Test
  void withAVolumeItIsAStatefulSetWhoseVolumesStay() {
    Manifests manifests = Shape.DISK.manifests();
    StatefulSet set = manifests.only(StatefulSet.class);
    List<PersistentVolumeClaim> claims = set.getSpec().getVolumeClaimTemplates();

    assertThat(manifests.of(Deployment.class)).isEmpty();
    assertThat(manifests.of(HorizontalPodAutoscaler.class)).isEmpty();
    assertThat(claims).hasSize(1);
    assertThat(claims.get(0).getSpec().getAccessModes()).containsExactly("ReadWriteOnce");
    assertThat(claims.get(0).getSpec().getStorageClassName()).isEqualTo("fast");
    assertThat(set.getSpec().getPersistentVolumeClaimRetentionPolicy().getWhenScaled())
        .isEqualTo("Retain");
    assertThat(manifests.named(Service.class, set.getSpec().getServiceName()).getSpec())
        .satisfies(headless -> assertThat(headless.getClusterIP()).isEqualTo("None"));
  }

  @Test
  void withoutAVolumeItIsADeploymentThatScalesByItself() {
    Manifests manifests = Shape.MEMORY.manifests();

    assertThat(manifests.of(StatefulSet.class)).isEmpty();
    assertThat(manifests.only(Deployment.class).getSpec().getReplicas()).isNull();
    assertThat(
            manifests.only(HorizontalPodAutoscaler.class).getSpec().getScaleTargetRef().getName())
        .isEqualTo(manifests.only(Deployment.class).getMetadata().getName());
  }

  @ParameterizedTest
  @EnumSource
  void theConfigMapIsAConfigurationThatTheGatewayTakes(Shape shape, @TempDir Path directory)
      throws IOException {
    Manifests manifests = shape.manifests();

    assertTaken(manifests.named(ConfigMap.class, "sluice"), directory);
  }

  @Test
  void aConfigurationOfOnesOwnStandsInTheConfigMapAsItIs(@TempDir Path directory)
      throws IOException {
    Manifests manifests =
        Chart.manifests(
            Map.of(
                "config.sources.in.type", "tcp",
                "config.sources.in.listen", "0.0.0.0:8080",
                "config.sources.in.auth.type", "none",
                "config.sources.in.maxConnections", "1000000",
                "config.sources.in.to", "events",
                "config.sinks.out.type", "discard",
                "config.sinks.out.from", "events",
                "admin.host", "::"));
    ConfigMap configuration = manifests.named(ConfigMap.class, "sluice");

    assertTaken(configuration, directory);
    assertThat(configuration.getData().get("sluice.json"))
        .contains("\"maxConnections\": 1000000")
        .doesNotContain("archive");
    assertThat(configuration.getData().get("admin.json")).contains("[::]:9090");
  }

  private static void assertTaken(ConfigMap configuration, Path directory) throws IOException {
    for (Map.Entry<String, String> file : configuration.getData().entrySet()) {
      Files.writeString(directory.resolve(file.getKey()), file.getValue());
    }
    Checked<?> checked =
        Main.model(new Surroundings(), Meters::new)
            .check(Reading.of(List.of(directory)), name -> null);

    assertThat(checked)
        .isInstanceOfSatisfying(Checked.Good.class, good -> assertThat(good.warnings()).isEmpty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "replica             | 2      | replica",
        "shape               | disc   | shape",
        "replicas            | many   | replicas",
        "autoscaling.enabled | true   | enabled",
        "resources.memory    | 1G     | memory",
        "resources.cpu       | 0.5    | cpu",
        "ports[0].port       | 80     | port",
        "ports[0].name       | admin  | name",
        "admin.port          | 8080   | ports: 8080 is the admin listener's",
        "ports[0].port       | 8081   | config.sources.app listens on 0.0.0.0:8080",
        "image.digest        | latest | digest",
      })
  void aValueThatCannotBeIsRefused(String key, String value, String says) {
    Map<String, Object> values =
        key.startsWith("ports")
            ? Shape.DISK.with("ports[0].name", "http", "ports[0].port", "8080", key, value)
            : Shape.DISK.with(key, value);

    assertThatThrownBy(() -> Chart.rendered(values)).hasMessageContaining(says);
  }

  @Test
  void aStreamOnDiskIsRefusedWhereThereIsNone() {
    Map<String, Object> values =
        Shape.MEMORY.with(
            "config.sources.in.type",
            "http",
            "config.sources.in.to",
            "events",
            "config.streams.events.maxBytes",
            "1GiB");

    assertThatThrownBy(() -> Chart.rendered(values))
        .hasMessageContaining("config.streams.events: with shape memory");
  }

  @ParameterizedTest
  @EnumSource
  void thePodRunsWithoutRights(Shape shape) {
    PodSpec pod = shape.manifests().pod().getSpec();
    Container container = pod.getContainers().get(0);

    assertThat(pod.getAutomountServiceAccountToken()).isFalse();
    assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
    assertThat(pod.getSecurityContext().getRunAsUser()).isGreaterThan(10_000);
    assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
    assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
    assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
    assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
    assertThat(container.getVolumeMounts())
        .allSatisfy(mount -> assertThat(mount.getSubPath()).isNull());
  }

  @ParameterizedTest
  @EnumSource
  void theProbesAskTheAdminListenerAndGiveAJournalTime(Shape shape) {
    Container container = shape.manifests().pod().getSpec().getContainers().get(0);
    Probe startup = container.getStartupProbe();

    assertThat(Stream.of(startup, container.getLivenessProbe(), container.getReadinessProbe()))
        .extracting(Probe::getHttpGet)
        .allSatisfy(get -> assertThat(get.getPort().getStrVal()).isEqualTo("admin"))
        .extracting(HTTPGetAction::getPath)
        .containsExactly("/health/started", "/health/live", "/health/ready");
    assertThat(startup.getPeriodSeconds() * startup.getFailureThreshold())
        .isGreaterThanOrEqualTo(300);
  }

  @ParameterizedTest
  @EnumSource
  void theGatewayUnderstandsItsArgumentsAndStopsBeforeItIsKilled(Shape shape) {
    PodSpec pod = shape.manifests().pod().getSpec();
    Container container = pod.getContainers().get(0);
    Probe ready = container.getReadinessProbe();

    var run =
        Main.commandLine(new Surroundings(), Journal::open)
            .parseArgs(container.getArgs().toArray(String[]::new))
            .subcommand();
    Duration delay = run.matchedOptionValue("--drain-delay", Duration.ZERO);
    Duration drain = run.matchedOptionValue("--drain", Duration.ZERO);

    assertThat(delay.toSeconds()).isGreaterThan((long) ready.getPeriodSeconds() * 2);
    assertThat(pod.getTerminationGracePeriodSeconds())
        .isGreaterThanOrEqualTo(delay.plus(drain.multipliedBy(2)).plusSeconds(5).toSeconds());
  }

  @ParameterizedTest
  @CsvSource({"250m,512Mi,1,128", "1500m,1Gi,2,256", "4,6Gi,4,1536"})
  void theJvmIsToldWhatThePodHas(String cpu, String memory, int processors, int direct) {
    Container container =
        Chart.manifests(Shape.DISK.with("resources.cpu", cpu, "resources.memory", memory))
            .pod()
            .getSpec()
            .getContainers()
            .get(0);

    assertThat(container.getCommand())
        .contains(
            "-XX:ActiveProcessorCount=" + processors, "-XX:MaxDirectMemorySize=" + direct + "m");
    assertThat(container.getResources().getLimits()).containsOnlyKeys("memory");
  }

  @ParameterizedTest
  @EnumSource
  void whatIsReferredToIsThere(Shape shape) {
    Manifests manifests = shape.manifests();
    PodSpec pod = manifests.pod().getSpec();
    Container container = pod.getContainers().get(0);
    List<String> ports = container.getPorts().stream().map(ContainerPort::getName).toList();
    List<String> volumes = new ArrayList<>(pod.getVolumes().stream().map(Volume::getName).toList());
    manifests
        .of(StatefulSet.class)
        .forEach(
            set ->
                set.getSpec()
                    .getVolumeClaimTemplates()
                    .forEach(claim -> volumes.add(claim.getMetadata().getName())));

    assertThat(container.getVolumeMounts()).extracting(VolumeMount::getName).isSubsetOf(volumes);
    assertThat(manifests.of(Service.class))
        .flatExtracting(service -> service.getSpec().getPorts())
        .extracting(ServicePort::getTargetPort)
        .extracting(target -> target.getStrVal())
        .isSubsetOf(ports);
    assertThat(manifests.all())
        .extracting(HasMetadata::getMetadata)
        .allSatisfy(data -> assertThat(data.getNamespace()).isNull());
  }

  @ParameterizedTest
  @EnumSource
  void allSelectorsFindThePod(Shape shape) {
    Manifests manifests = shape.manifests();
    Map<String, String> labels = manifests.pod().getMetadata().getLabels();
    Stream<Map<String, String>> selectors =
        Stream.of(
                manifests.of(Service.class).stream().map(each -> each.getSpec().getSelector()),
                manifests.of(Deployment.class).stream()
                    .map(each -> each.getSpec().getSelector())
                    .map(LabelSelector::getMatchLabels),
                manifests.of(StatefulSet.class).stream()
                    .map(each -> each.getSpec().getSelector())
                    .map(LabelSelector::getMatchLabels),
                manifests.of(PodDisruptionBudget.class).stream()
                    .map(each -> each.getSpec().getSelector())
                    .map(LabelSelector::getMatchLabels),
                manifests.of(NetworkPolicy.class).stream()
                    .map(each -> each.getSpec().getPodSelector())
                    .map(LabelSelector::getMatchLabels))
            .flatMap(each -> each);

    assertThat(selectors)
        .hasSizeGreaterThan(4)
        .allSatisfy(selector -> assertThat(labels.entrySet()).containsAll(selector.entrySet()));
  }

  @Test
  void theMonitorScrapesTheServiceWithTheAdminPort() {
    Manifests manifests = Chart.manifests(Shape.DISK.with("monitoring.serviceMonitor", "true"));
    ServiceMonitor monitor = manifests.only(ServiceMonitor.class);
    Map<String, String> wanted = monitor.getSpec().getSelector().getMatchLabels();

    assertThat(manifests.of(Service.class))
        .filteredOn(
            each -> each.getMetadata().getLabels().entrySet().containsAll(wanted.entrySet()))
        .singleElement()
        .satisfies(
            scraped ->
                assertThat(scraped.getSpec().getPorts())
                    .extracting(ServicePort::getName)
                    .contains(monitor.getSpec().getEndpoints().get(0).getPort()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"serviceMonitor", "prometheusRule", "dashboard"})
  void nothingOfMonitoringIsThereUnlessAskedFor(String part) {
    Set<Class<?>> asked = Set.of(ServiceMonitor.class, PrometheusRule.class);
    Manifests without = Chart.manifests(Shape.DISK.with());
    Manifests with = Chart.manifests(Shape.DISK.with("monitoring." + part, "true"));

    assertThat(without.all()).noneMatch(each -> asked.contains(each.getClass()));
    assertThat(with.all()).hasSize(without.all().size() + 1);
  }

  @Test
  void theChartIsForThisVersion() throws IOException {
    String pom = Files.readString(Path.of("pom.xml"));
    String version = pom.substring(pom.indexOf("<version>") + 9, pom.indexOf("</version>"));

    assertThat(Files.readString(Chart.HOME.resolve("Chart.yaml")))
        .contains("appVersion: " + version + "\n");
  }
}
