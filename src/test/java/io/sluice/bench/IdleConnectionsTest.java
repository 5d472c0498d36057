package io.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cli.target.Protocol;
import io.sluice.harness.Effort;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ten thousand connections that do nothing are kept, and cost little. */
@Tag("slow")
class IdleConnectionsTest {
  private static final long MOST_HEAP = 16 << 10;
  private static final long MOST_RESIDENT = 32 << 10;

  @ParameterizedTest
  @EnumSource(names = {"WEBSOCKET", "TCP"})
  void costLittleAndAreStillServed(Protocol protocol) throws IOException {
    int count = Effort.of(10_000, 3_000);

    IdleConnections.Cost cost = IdleConnections.measure(protocol, count, List.of("-Xmx512m"));

    System.out.printf(
        "%d idle connections over %s: %d bytes of heap and %d of memory each%n",
        count, protocol, cost.heap(), cost.resident());
    assertThat(cost.heap()).isBetween(1L, MOST_HEAP);
    assertThat(cost.resident()).isLessThan(MOST_RESIDENT);
  }
}
