package io.sluice.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RendezvousTest {
  private static final List<String> SOURCES =
      IntStream.range(0, 3000).mapToObj(i -> "orders-" + i).toList();
  private static final List<String> THREE = List.of("pod-0/x", "pod-1/x", "pod-2/x");

  private static Map<String, String> owners(List<String> members) {
    return SOURCES.stream()
        .collect(
            Collectors.toMap(
                Function.identity(), source -> Rendezvous.order(source, members).get(0)));
  }

  @Test
  void eachMemberHasAboutItsShare() {
    Map<String, Long> shares =
        owners(THREE).values().stream()
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));

    assertThat(shares).hasSize(3);
    assertThat(shares.values()).allSatisfy(share -> assertThat(share).isBetween(900L, 1100L));
  }

  @Test
  void whoGoesMovesOnlyWhatItHad() {
    Map<String, String> before = owners(THREE);
    Map<String, String> after = owners(THREE.subList(0, 2));

    assertThat(SOURCES)
        .filteredOn(source -> !before.get(source).equals("pod-2/x"))
        .allSatisfy(source -> assertThat(after).containsEntry(source, before.get(source)));
  }

  @Test
  void whoComesMovesOnlyWhatItGets() {
    List<String> four = new ArrayList<>(THREE);
    four.add("pod-3/x");
    Map<String, String> before = owners(THREE);
    Map<String, String> after = owners(four);

    assertThat(SOURCES)
        .filteredOn(source -> !after.get(source).equals(before.get(source)))
        .hasSizeBetween(650, 850)
        .allSatisfy(source -> assertThat(after).containsEntry(source, "pod-3/x"));
  }

  @Test
  void everybodyComesToTheSameOrder() {
    assertThat(Rendezvous.order("orders", List.of("c", "a", "b")))
        .isEqualTo(Rendezvous.order("orders", List.of("b", "c", "a")))
        .containsExactlyInAnyOrder("a", "b", "c");
  }
}
