package io.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.sluice.config.Checked;
import io.sluice.config.Reading;
import io.sluice.telemetry.Meters;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The chart's pods share polls over Leases. */
class ChartLeasesTest {
  private static Map<String, Object> values(String... more) {
    Map<String, Object> all = new HashMap<>();
    all.put("leases.enabled", "true");
    all.put("leases.apiServer.cidrs[0]", "10.96.0.1/32");
    for (int i = 0; i < more.length; i += 2) {
      all.put(more[i], more[i + 1]);
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(strings = {"disk", "memory"})
  void thePodsGetATokenAndOnlyTheRightsToLeases(String shape) {
    Manifests manifests = Chart.manifests(values("shape", shape));
    Role role = manifests.only(Role.class);
    RoleBinding binding = manifests.only(RoleBinding.class);

    assertThat(manifests.pod().getSpec().getAutomountServiceAccountToken()).isTrue();
    assertThat(role.getRules()).hasSize(1);
    PolicyRule rule = role.getRules().get(0);
    assertThat(rule.getApiGroups()).containsExactly("coordination.k8s.io");
    assertThat(rule.getResources()).containsExactly("leases");
    assertThat(rule.getVerbs()).containsExactly("get", "list", "create", "update", "delete");
    assertThat(binding.getRoleRef().getName()).isEqualTo(role.getMetadata().getName());
    assertThat(binding.getSubjects())
        .singleElement()
        .satisfies(
            subject ->
                assertThat(subject.getName())
                    .isEqualTo(manifests.pod().getSpec().getServiceAccountName()));
  }

  @Test
  void withoutLeasesThereAreNoRights() {
    Manifests manifests = Chart.manifests(Map.of());

    assertThat(manifests.of(Role.class)).isEmpty();
    assertThat(manifests.of(RoleBinding.class)).isEmpty();
    assertThat(manifests.pod().getSpec().getAutomountServiceAccountToken()).isFalse();
  }

  @Test
  void theGatewayTakesWhatTheConfigMapSaysOfReplicas(@TempDir Path directory) throws Exception {
    Map<String, String> files =
        Chart.manifests(values()).named(ConfigMap.class, "sluice").getData();
    for (Map.Entry<String, String> file : files.entrySet()) {
      Files.writeString(directory.resolve(file.getKey()), file.getValue());
    }

    Checked<?> checked =
        Main.model(new Surroundings(), Meters::new)
            .check(Reading.of(List.of(directory)), nothing -> null);

    assertThat(checked).isInstanceOf(Checked.Good.class);
    assertThat(files.get("admin.json")).contains("\"kubernetes\": {}", "\"group\": \"sluice\"");
  }

  @Test
  void theNetworkPolicyLetsThemAskTheApiServer() {
    NetworkPolicy policy = Chart.manifests(values()).only(NetworkPolicy.class);

    assertThat(policy.getSpec().getEgress())
        .last()
        .satisfies(
            rule -> {
              assertThat(rule.getTo().get(0).getIpBlock().getCidr()).isEqualTo("10.96.0.1/32");
              assertThat(rule.getPorts())
                  .extracting(port -> port.getPort().getIntVal())
                  .containsExactly(443, 6443);
            });
  }

  @Test
  void whereTheApiServerIsHasToBeSaid() {
    assertThatThrownBy(() -> Chart.rendered(Map.of("leases.enabled", "true")))
        .hasMessageContaining("leases.apiServer.cidrs");
    assertThat(Chart.rendered(Map.of("leases.enabled", "true", "networkPolicy.enabled", "false")))
        .contains("kind: RoleBinding");
  }

  @Test
  void aConfigurationWithLeasesNeedsTheRights() {
    assertThatThrownBy(
            () -> Chart.rendered(Map.of("config.replicas.kubernetes.namespace", "events")))
        .hasMessageContaining("config.replicas.kubernetes: needs leases.enabled");
  }
}
