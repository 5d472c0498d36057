package io.sluice.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.config.BadValueException;
import io.sluice.config.Environment;
import io.sluice.replica.ReplicasConfig.LeasePlace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplicasConfigTest {
  private static final Environment POD =
      Map.of("KUBERNETES_SERVICE_HOST", "fd00::1", "KUBERNETES_SERVICE_PORT", "443")::get;

  private static ReplicasConfig config(boolean database, boolean api, LeasePlace leases) {
    return new ReplicasConfig(
        Optional.empty(),
        "sluice",
        database ? Optional.of(database()) : Optional.empty(),
        api ? Optional.of(api(Optional.empty())) : Optional.empty(),
        Optional.ofNullable(leases),
        new LeaseTimes(Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(2)));
  }

  private static DatabaseConfig database() {
    Duration second = Duration.ofSeconds(1);
    return new DatabaseConfig(
        "postgresql://h/d", "u", Optional.empty(), Optional.empty(), 1, second, second);
  }

  private static KubernetesConfig api(Optional<String> url) {
    return new KubernetesConfig(
        url, Optional.empty(), Path.of("t"), Path.of("c"), 10, Duration.ofSeconds(3));
  }

  @Test
  void leasesAreWhereThereIsOnePlaceForThem() {
    assertThat(config(false, false, null).leasePlace()).isEqualTo(LeasePlace.FILES);
    assertThat(config(true, false, null).leasePlace()).isEqualTo(LeasePlace.DATABASE);
    assertThat(config(false, true, null).leasePlace()).isEqualTo(LeasePlace.KUBERNETES);
    assertThat(config(true, true, LeasePlace.KUBERNETES).leasePlace())
        .isEqualTo(LeasePlace.KUBERNETES);
  }

  @Test
  void ofTwoPlacesOneHasToBeNamedAndOneThatIsNotThereCannot() {
    assertThatThrownBy(() -> config(true, true, null))
        .isInstanceOf(BadValueException.class)
        .hasMessageContaining("which of them");
    assertThatThrownBy(() -> config(true, false, LeasePlace.KUBERNETES))
        .hasMessageContaining("there is no key kubernetes");
    assertThatThrownBy(() -> config(false, true, LeasePlace.DATABASE))
        .hasMessageContaining("there is no key database");
  }

  @Test
  void theApiIsWherePodsAreToldOrWhereTheOperatorSays() {
    assertThat(api(Optional.empty()).at(POD)).contains(new KubernetesConfig.At("fd00::1", 443));
    assertThat(api(Optional.empty()).isKnown(nothing -> null)).isFalse();
    assertThat(api(Optional.of("https://[fd00::2]:6443/")).at(POD))
        .contains(new KubernetesConfig.At("fd00::2", 6443));
    assertThat(api(Optional.of("https://api.example.com")).at(nothing -> null))
        .contains(new KubernetesConfig.At("api.example.com", 443));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://h", "h:443", "https://u:p@h", "https://h/path", "https://h?q", "https://"})
  void whatIsNoApiServerIsRefused(String url) {
    assertThatThrownBy(() -> api(Optional.of(url))).isInstanceOf(BadValueException.class);
  }
}
