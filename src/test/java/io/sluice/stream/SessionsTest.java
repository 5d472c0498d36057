package io.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.event.Ack;
import io.sluice.event.Batch;
import io.sluice.event.Columns;
import io.sluice.event.Origin;
import io.sluice.event.Sequence;
import io.sluice.flow.Put;
import io.sluice.stream.Progress.Span;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SessionsTest {
  private final Sessions sessions = new Sessions(8);

  private void use(String name) {
    sessions.open(name).kept(new Span(1, 1), 1, 1);
  }

  @Test
  void whoHasMostLosesTheOneUnusedForLongest() {
    use("few.1");
    use("few.2");
    for (int i = 0; i < 100; i++) {
      use("many." + i);
    }

    assertThat(sessions.size()).isEqualTo(8);
    assertThat(sessions.forgotten()).isEqualTo(94);
    assertThat(sessions.find("few.1")).isNotNull();
    assertThat(sessions.find("few.2")).isNotNull();
    for (int i = 94; i < 100; i++) {
      assertThat(sessions.find("many." + i)).as("%d", i).isNotNull();
    }
  }

  @Test
  void whoComesLaterGetsAShareOfWhatOneHad() {
    for (int i = 0; i < 8; i++) {
      use("many." + i);
    }
    use("many.0");
    for (int i = 0; i < 4; i++) {
      use("few." + i);
    }

    assertThat(sessions.find("many.0")).isNotNull();
    assertThat(sessions.find("many.1")).isNull();
    for (int i = 0; i < 4; i++) {
      assertThat(sessions.find("few." + i)).isNotNull();
    }
  }

  @Test
  void amongEqualsTheOneUnusedForLongestGoes() {
    for (int i = 0; i < 8; i++) {
      use("a" + i + ".x");
    }
    use("a0.x");
    use("b.x");

    assertThat(sessions.find("a0.x")).isNotNull();
    assertThat(sessions.find("a1.x")).isNull();
    assertThat(sessions.find("b.x")).isNotNull();
  }

  @Test
  void oneWithSomethingOnItsWayStays() {
    sessions.open("a.0").through(); // answered at once: nothing is on its way
    Session busy = sessions.open("a.1");
    claim(busy, 1, 1);
    for (int i = 2; i < 20; i++) {
      use("a." + i);
    }

    assertThat(sessions.find("a.0")).isNull();
    assertThat(sessions.find("a.1")).isSameAs(busy);
    assertThat(sessions.size()).isEqualTo(8);
  }

  @Test
  void forgetsAfterADay() {
    use("a.1");
    sessions.open("a.2").kept(new Span(1, 1), 2, Sessions.IDLE.toMillis());

    sessions.expire(Sessions.IDLE.toMillis() + 1);

    assertThat(sessions.progress()).extracting(Progress::session).containsExactly("a.2");
    assertThat(sessions.size()).isEqualTo(1);
  }

  /** Whatever is done, nobody with fewer than an equal share loses one. */
  @Test
  void nobodyLosesAnEqualShare() {
    long seed = Long.getLong("sluice.seed", System.nanoTime());
    Random random = new Random(seed);
    Map<String, List<String>> latest = new LinkedHashMap<>();
    for (int step = 0; step < 5_000; step++) {
      String owner = "o" + random.nextInt(4);
      String name = owner + "." + random.nextInt(owner.equals("o0") ? 1000 : 3);
      use(name);
      List<String> own = latest.computeIfAbsent(owner, o -> new ArrayList<>());
      own.remove(name);
      own.add(name);
      for (List<String> each : latest.values()) {
        for (String kept : each.subList(Math.max(0, each.size() - 2), each.size())) {
          assertThat(sessions.size()).isLessThanOrEqualTo(8);
          assertThat(sessions.find(kept)).as("seed %d, step %d, %s", seed, step, kept).isNotNull();
        }
      }
    }
  }

  /**
   * A batch that is refused can overtake one before it: what was refused is new when it comes
   * again.
   */
  @Test
  void whatWasRefusedIsNewWhenItComesAgain() {
    Session session = sessions.open("a.1");
    Ticket first = claim(session, 1, 3);
    Ticket second = claim(session, 4, 5);

    session.refused(second);

    Sequence again = new Sequence("a.1", 4, 5);
    assertThat(session.gap(again)).isEmpty();
    assertThat(session.fresh(again)).contains(new Span(4, 5));
    BitSet repeated = new BitSet();
    session.mark(again, 2, repeated);
    assertThat(repeated.isEmpty()).isTrue();

    session.kept(first, 3, 1);
    assertThat(session.fresh(again)).contains(new Span(4, 5));
  }

  /** Until it is known whether what follows a refused batch is kept, nothing new is taken. */
  @Test
  void nothingIsTakenBehindAGapUntilAllIsKnown() {
    Session session = sessions.open("a.1");
    Ticket first = claim(session, 1, 3);
    Ticket second = claim(session, 4, 5);
    Ticket third = claim(session, 6, 7);

    session.refused(second);
    assertThat(session.gap(new Sequence("a.1", 8, 9))).isPresent();
    session.kept(first, 3, 1);
    assertThat(session.gap(new Sequence("a.1", 8, 9))).isPresent();
    session.kept(third, 7, 1);

    Sequence again = new Sequence("a.1", 4, 8);
    assertThat(session.gap(again)).isEmpty();
    BitSet repeated = new BitSet();
    session.mark(again, 5, repeated);
    assertThat(repeated.stream()).containsExactly(2, 3);
  }

  /** Events that are there by other ways count, whatever is on its way before them. */
  @Test
  void goesOnBehindWhatWasThereAlready() {
    Session session = sessions.open("a.1");
    claim(session, 1, 3);

    session.kept(new Span(4, 5), 0, 1);

    Sequence next = new Sequence("a.1", 6, 7);
    assertThat(session.gap(next)).isEmpty();
    assertThat(session.fresh(next)).contains(new Span(6, 7));
  }

  private static Ticket claim(Session session, long first, long last) {
    Origin origin = new Origin("live", "me", "application/json", Instant.EPOCH);
    Batch batch = Batch.of(new byte[] {'1', 10}, new int[] {0, 1}, false, origin, Columns.NONE);
    Ticket ticket = new Ticket(new Put(batch, Ack.STORED), () -> {}, answer -> {});
    session.claim(new Span(first, last), ticket);
    return ticket;
  }
}
