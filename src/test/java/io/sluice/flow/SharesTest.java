package io.sluice.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.connector.Work;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SharesTest {
  private long now;
  private final Shares shares = new Shares(() -> now);

  private List<Future<Work>> begin(String who, int times, long bytes) {
    List<Future<Work>> all = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      all.add(shares.begin(who, bytes));
    }
    return all;
  }

  private static long begun(List<Future<Work>> all) {
    return all.stream().filter(Future::succeeded).count();
  }

  @Test
  void aPartyThatHasItsShareUnderWayWaitsWhileAnotherIsServedAtOnce() {
    begin("quiet", 1, 200).get(0).result().end();

    List<Future<Work>> flood = begin("flood", 200, 200);

    assertThat(begun(flood)).isEqualTo(Shares.BESIDE / (Shares.PIECE + 200));
    assertThat(begun(begin("quiet", 4, 200))).isEqualTo(4);
  }

  @Test
  void aLongLineOfThoseWhoHaveLeftIsServedAtOnce() {
    Future<Work> first = begin("flood", 1, Shares.ALONE).get(0);
    List<Future<Work>> line = begin("flood", 100_000, Shares.ALONE);
    line.forEach(each -> each.onSuccess(Work::end));

    first.result().end();

    assertThat(begun(line)).isEqualTo(100_000);
    assertThat(begun(begin("flood", 1, Shares.ALONE))).isOne();
  }

  @Test
  void whatEndsMakesPlaceForWhatWaitedLongest() {
    begin("quiet", 1, 200);
    List<Future<Work>> flood = begin("flood", 200, 200);
    int first = (int) begun(flood);

    flood.get(0).result().end();
    flood.get(0).result().end();

    assertThat(begun(flood)).isEqualTo(first + 1);
    assertThat(flood.get(first).succeeded()).isTrue();
  }

  @Test
  void whoeverIsAloneHasMuchMore() {
    assertThat(begun(begin("flood", 1000, 200)))
        .isEqualTo(Shares.ALONE / (Shares.PIECE + 200))
        .isGreaterThan(400);
  }

  @Test
  void somethingLargerThanAnyShareGoesAlone() {
    begin("quiet", 1, 200);

    List<Future<Work>> flood = begin("flood", 3, 64 << 20);

    assertThat(begun(flood)).isEqualTo(1);
    flood.get(0).result().end();
    assertThat(begun(flood)).isEqualTo(2);
  }

  @Test
  void nothingSmallPassesWhatWaitsOfTheSameParty() {
    begin("quiet", 1, 200);
    List<Future<Work>> large = begin("flood", 2, 1 << 20);
    List<Future<Work>> small = begin("flood", 1, 1);

    large.get(0).result().end();

    assertThat(large.get(1).succeeded()).isTrue();
    assertThat(begun(small)).isZero();
    large.get(1).result().end();
    assertThat(begun(small)).isEqualTo(1);
  }

  @Test
  void whoeverWasSilentForLongIsForgottenAndNobodyIsNarrowedForIt() {
    begin("quiet", 1, 200).get(0).result().end();
    now += 2 * Shares.REMEMBERED_NANOS;

    List<Future<Work>> flood = begin("flood", 200, 200);

    assertThat(begun(flood)).isEqualTo(200);
    assertThat(shares.parties()).isEqualTo(1);
  }

  @Test
  void whoWaitsIsToldWhenNothingComesOfIt() {
    begin("quiet", 1, 200);
    List<Future<Work>> flood = begin("flood", 2, 1 << 20);

    shares.dismiss("flood"::equals, new IllegalStateException("over"));

    assertThat(flood.get(1).failed()).isTrue();
    flood.get(0).result().end();
    assertThat(shares.begin("flood", 1).succeeded()).isTrue();
  }
}
