package io.sluice.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KubernetesNamesTest {
  private static final List<String> ODD =
      List.of("a", "A", "_", "___", "-", "a.b", "a-b", "x".repeat(64), "x".repeat(63) + ".");

  @Test
  void everyNameIsALabelOfItsOwn() {
    List<String> names =
        ODD.stream()
            .flatMap(
                group ->
                    ODD.stream()
                        .flatMap(
                            name ->
                                Stream.of(
                                    KubernetesNames.source(group, name),
                                    KubernetesNames.replica(group, name + "/0a1b"),
                                    KubernetesNames.replica(group, name + "/0a1c"))))
            .toList();

    assertThat(names)
        .doesNotHaveDuplicates()
        .allMatch(name -> name.matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"));
    assertThat(ODD.stream().map(KubernetesNames::group))
        .doesNotHaveDuplicates()
        .allMatch(name -> name.matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"));
  }

  @Test
  void anOperatorFindsTheSource() {
    assertThat(KubernetesNames.source("shop", "Orders.EU")).startsWith("shop-orders-eu-");
    assertThat(KubernetesNames.replica("shop", "pod-1/0a1b")).startsWith("shop-pod-1-");
  }
}
