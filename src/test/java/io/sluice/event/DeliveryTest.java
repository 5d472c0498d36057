package io.sluice.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeliveryTest {
  private static final Origin ORIGIN =
      new Origin("app", Origin.ANONYMOUS, "text/plain", Instant.EPOCH);

  @Test
  void endsBehindTheLastEventOfItsLastBatch() {
    Batch two = Batch.of(new byte[4], new int[] {0, 2, 2, 4}, false, ORIGIN, Columns.NONE);
    Batch one = Batch.single(new byte[3], ORIGIN);

    Delivery delivery = new Delivery("events", new Position(2, 40), List.of(two, one));

    assertThat(delivery.events()).isEqualTo(3);
    assertThat(delivery.weight()).isEqualTo(two.weight() + one.weight());
    assertThat(delivery.next()).isEqualTo(new Position(2, 43));
  }

  @Test
  void neverIsEmpty() {
    assertThatThrownBy(() -> new Delivery("events", Position.START, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void positionsAreNeverNegative() {
    assertThatThrownBy(() -> new Position(-1, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Position(0, -1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void originsDifferingOnlyInTheMomentAreAlike() {
    Origin later = new Origin("app", Origin.ANONYMOUS, "text/plain", Instant.MAX);

    assertThat(ORIGIN.alike(later)).isTrue();
    assertThat(ORIGIN.alike(new Origin("other", Origin.ANONYMOUS, "text/plain", Instant.EPOCH)))
        .isFalse();
    assertThat(ORIGIN.alike(new Origin("app", "alice", "text/plain", Instant.EPOCH))).isFalse();
    assertThat(ORIGIN.alike(new Origin("app", Origin.ANONYMOUS, "text/html", Instant.EPOCH)))
        .isFalse();
  }
}
