package io.sluice.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectionsTest {
  @Test
  void leavesRoomForOthersWhenOneAddressHasAllItMayHave() {
    Connections connections = new Connections(100, 10);
    for (int i = 0; i < 10; i++) {
      assertThat(connections.enter("192.0.2.1").excess()).isEmpty();
    }

    Connections.Pass eleventh = connections.enter("192.0.2.1");

    assertThat(eleventh.excess()).contains(Connections.Excess.ADDRESS);
    assertThat(connections.enter("192.0.2.2").excess()).isEmpty();
    assertThat(connections.open()).isEqualTo(12);
  }

  @Test
  void saysThatThereAreTooManyInAllBeforeAnythingElse() {
    Connections connections = new Connections(1, 1);
    connections.enter("192.0.2.1");

    assertThat(connections.enter("192.0.2.1").excess()).contains(Connections.Excess.TOTAL);
    assertThat(connections.enter("192.0.2.9").excess()).contains(Connections.Excess.TOTAL);
  }

  @Test
  void countsTheAddressesOfAnIpv6NetworkAsOne() {
    Connections connections = new Connections(100, 1);
    connections.enter("2001:db8:0:1::1");

    assertThat(connections.enter("2001:db8:0:1:ffff::2").excess())
        .contains(Connections.Excess.ADDRESS);
    assertThat(connections.enter("2001:db8:0:2::1").excess()).isEmpty();
  }

  @Test
  void remembersNobodyWhoHasLeft() {
    Connections connections = new Connections(10_000, 10);
    List<Connections.Pass> passes = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      passes.add(connections.enter("10.0." + i / 250 + "." + i % 250));
      passes.add(connections.enter("10.0." + i / 250 + "." + i % 250));
    }
    assertThat(connections.networks()).isEqualTo(5000);

    passes.forEach(Connections.Pass::leave);

    assertThat(connections.open()).isZero();
    assertThat(connections.networks()).isZero();
  }

  @Test
  void letsNewOnesInWhenOldOnesLeave() {
    Connections connections = new Connections(10, 1);
    Connections.Pass first = connections.enter(null);
    assertThat(connections.enter(null).excess()).contains(Connections.Excess.ADDRESS);

    first.leave();
    connections.enter(null).leave();

    assertThat(connections.open()).isEqualTo(1);
  }
}
