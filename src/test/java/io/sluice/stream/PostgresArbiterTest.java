package io.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.harness.Loop;
import io.sluice.harness.SluiceExtension;
import io.sluice.replica.DatabaseConfig;
import io.sluice.replica.SharedDatabase;
import io.sluice.stream.Verdict.Decided;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Against a real PostgreSQL: each arbiter is another replica's, with a log of its own. */
@ExtendWith(SluiceExtension.class)
class PostgresArbiterTest {
  private static final Dedupe DEDUPE = new Dedupe(By.parse("/id"), Duration.ofHours(1), 1000, true);
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private static EmbeddedPostgres server;
  private final Vertx vertx = Vertx.vertx();
  private SharedDatabase database;
  private final String stream = "sluice/events-" + UUID.randomUUID();
  private Replica first;
  private Replica second;

  @BeforeAll
  static void start() throws IOException {
    server = EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @BeforeEach
  void open() {
    database =
        new SharedDatabase(
            vertx,
            new DatabaseConfig(
                "postgresql://127.0.0.1:" + server.getPort() + "/postgres",
                "postgres",
                Optional.empty(),
                Optional.empty(),
                4,
                LIMIT,
                LIMIT),
            new SimpleMeterRegistry());
    first = new Replica();
    second = new Replica();
  }

  @AfterEach
  void close() {
    Loop.wait(database.close());
    Loop.wait(vertx.close());
  }

  /** A replica with a log that claims one after the other. */
  private final class Replica {
    final UUID log = UUID.randomUUID();
    final PostgresArbiter arbiter;
    long next;
    int epoch;
    Standing standing;

    Replica() {
      this(stream);
    }

    Replica(String name) {
      arbiter =
          new PostgresArbiter(
              database, name, new Sharing(Optional.of(DEDUPE), true, true), Clock.systemUTC());
      standing = take(0);
    }

    Standing take(UUID owner, int in, long known) {
      return Loop.wait(arbiter.take(log, owner, in, 0, known, next, true));
    }

    Standing take(long known) {
      standing = take(UUID.randomUUID(), ++epoch, known);
      return standing;
    }

    Decided keys(String... names) {
      return decide(keyed(next, System.currentTimeMillis(), names));
    }

    Claim keyed(long from, long received, String... names) {
      List<Claim.Keyed> keyed = new ArrayList<>();
      for (int i = 0; i < names.length; i++) {
        keyed.add(new Claim.Keyed(key(names[i]), i, received));
      }
      return new Claim(from, from + names.length, 0, List.of(), keyed);
    }

    Decided session(long firstNumber, long lastNumber, long base) {
      int size = (int) (lastNumber - firstNumber + 1);
      return decide(
          new Claim(
              next,
              next + size,
              0,
              List.of(
                  new Claim.Numbered(
                      "s", firstNumber, lastNumber, base, 0, size, System.currentTimeMillis())),
              List.of()));
    }

    Decided decide(Claim claim) {
      next = Math.max(next, claim.to());
      return (Decided) verdict(claim);
    }

    Verdict verdict(Claim claim) {
      return Loop.wait(arbiter.decide(log, standing.term(), claim));
    }
  }

  private static UUID key(String name) {
    return UUID.nameUUIDFromBytes(name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private static BitSet places(int... places) {
    BitSet set = new BitSet();
    IntStream.of(places).forEach(set::set);
    return set;
  }

  private static Decided elsewhere(int... places) {
    return new Decided(places(places), places());
  }

  private static Decided late(int... places) {
    return new Decided(places(), places(places));
  }

  private long count(String rows) {
    return Loop.wait(
            database.with(
                AgreementTables.TABLES,
                with -> with.query("SELECT count(*) FROM " + rows).execute()))
        .iterator()
        .next()
        .getLong(0);
  }

  private void sql(String statement) {
    Loop.wait(database.with(AgreementTables.TABLES, with -> with.query(statement).execute()));
  }

  @Test
  void anEventIsWhoseAsksFirst() {
    assertThat(first.keys("a", "b")).isEqualTo(elsewhere());
    assertThat(second.keys("b", "c", "a")).isEqualTo(elsewhere(0, 2));
    assertThat(first.keys("c")).isEqualTo(elsewhere(0));
  }

  @Test
  void ofTheSameKeyTwiceInAClaimTheFirstIsKept() {
    assertThat(first.keys("a", "a", "b")).isEqualTo(elsewhere(1));
  }

  @Test
  void theSameClaimIsAnsweredTheSame() {
    first.keys("b");
    Claim claim = second.keyed(0, System.currentTimeMillis(), "a", "b");

    assertThat(second.decide(claim)).isEqualTo(elsewhere(1));
    assertThat(second.decide(claim)).isEqualTo(elsewhere(1));
  }

  @Test
  void aClaimThatWasPartlyDecidedIsAnsweredTheSameForThatPart() {
    first.keys("b", "d");
    second.decide(second.keyed(0, System.currentTimeMillis(), "a", "b", "c"));

    assertThat(second.decide(second.keyed(1, System.currentTimeMillis(), "b", "c", "d", "e")))
        .isEqualTo(elsewhere(0, 2));
  }

  @Test
  void whoTakesALogOverHearsWhatWasDecidedAndNobodyElseIsAnswered() {
    first.keys("b");
    second.keys("a", "b", "c");
    Standing old = second.standing;

    Standing taken = second.take(0);

    assertThat(taken.through()).isEqualTo(3);
    assertThat(taken.voids()).isEqualTo(Map.of(1L, true));
    assertThat(taken.term()).isGreaterThan(old.term());
    second.standing = old;
    assertThat(second.verdict(second.keyed(3, System.currentTimeMillis(), "x")))
        .isEqualTo(new Verdict.Fenced());
    assertThat(first.keys("x")).isEqualTo(elsewhere());
  }

  @Test
  void aTakingThatArrivesLateChangesNothing() {
    UUID owner = UUID.randomUUID();
    first.keys("b");
    second.standing = second.take(owner, 5, 0);
    second.keys("a", "b");
    second.next = 0;

    assertThat(second.take(owner, 5, 0).through()).isEqualTo(2);
    assertThatThrownBy(() -> second.take(UUID.randomUUID(), 4, 0))
        .hasMessageContaining("a later state of it");

    second.next = 2;
    assertThat(second.keys("c")).isEqualTo(elsewhere());
    second.epoch = 5;
    assertThat(second.take(0).voids()).isEqualTo(Map.of(1L, true));
  }

  @Test
  void whatWasDecidedOfEventsThatWereLostIsForgotten() {
    first.keys("b");
    second.keys("a", "b", "c");
    second.next = 1;

    Standing taken = second.take(0);

    assertThat(taken.through()).isEqualTo(1);
    assertThat(taken.voids()).isEmpty();
    assertThat(second.keys("d")).isEqualTo(elsewhere());
  }

  @Test
  void aLogThatNobodyKnowsAnyMoreIsTakenAnew() {
    first.keys("a");
    sql("TRUNCATE sluice_logs, sluice_keys");

    assertThat(first.verdict(first.keyed(1, System.currentTimeMillis(), "b")))
        .isEqualTo(new Verdict.Unknown());
    assertThat(first.take(1).through()).isEqualTo(1);
    assertThat(first.keys("b")).isEqualTo(elsewhere());
  }

  @Test
  void aKeyIsForgottenAfterItsWindowAndAnEventThatWaitedForLongIsNobodys() {
    first.keys("a", "b");
    sql("UPDATE sluice_keys SET received = received - interval '61 minutes'");

    assertThat(second.keys("a")).isEqualTo(elsewhere());
    long longAgo = System.currentTimeMillis() - Duration.ofMinutes(62).toMillis();
    assertThat(second.decide(second.keyed(second.next, longAgo, "b", "z")))
        .isEqualTo(new Decided(places(0), places(1)));
  }

  @Test
  void whatIsOverIsTidiedAwayInParts() {
    String[] names = IntStream.range(0, 6000).mapToObj(i -> "k" + i).toArray(String[]::new);
    first.keys(names);
    first.keys("young");
    sql(
        "UPDATE sluice_keys SET received = received - interval '3 hours' WHERE key <> '"
            + key("young")
            + "'");

    assertThat(Loop.wait(first.arbiter.tidy())).isTrue();
    assertThat(Loop.wait(first.arbiter.tidy())).isFalse();

    assertThat(second.keys("k1", "young", "k5999")).isEqualTo(elsewhere(1));
  }

  @Test
  void whatAStreamHadThatNobodyHasAnyMoreIsForgotten() {
    first.keys("a");
    first.session(1, 3, 0);
    second.keys("a");
    sql("UPDATE sluice_streams SET used = used - interval '89 days'");
    assertThat(Loop.wait(new Replica("other").arbiter.tidy())).isFalse();
    assertThat(count("sluice_streams WHERE name = '" + stream + "'")).isOne();

    sql("UPDATE sluice_streams SET used = used - interval '2 days' WHERE name = '" + stream + "'");
    Replica other = new Replica("other");
    other.keys("a");
    assertThat(Loop.wait(other.arbiter.tidy())).isFalse();

    assertThat(count("sluice_streams WHERE name = '" + stream + "'")).isZero();
    assertThat(count("sluice_logs WHERE log IN ('" + first.log + "', '" + second.log + "')"))
        .isZero();
    assertThat(count("sluice_voids WHERE log = '" + second.log + "'")).isZero();
    assertThat(other.keys("a")).isEqualTo(elsewhere(0));
    first.next = 0;
    assertThat(first.verdict(first.keyed(0, System.currentTimeMillis(), "a")))
        .isEqualTo(new Verdict.Unknown());
    first.take(0);
    assertThat(first.keys("a")).isEqualTo(elsewhere());
  }

  @Test
  void aLogThatWasNotUsedForLongIsForgotten() {
    sql("UPDATE sluice_logs SET used = used - interval '91 days' WHERE log = '" + first.log + "'");

    Loop.wait(second.arbiter.tidy());

    assertThat(count("sluice_logs WHERE log = '" + first.log + "'")).isZero();
    assertThat(count("sluice_logs WHERE log = '" + second.log + "'")).isOne();
  }

  @Test
  void aSessionGoesOnAtAnotherReplica() {
    assertThat(first.session(1, 5, 0)).isEqualTo(elsewhere());
    assertThat(Loop.wait(second.arbiter.through("s"))).isEqualTo(5);
    assertThat(Loop.wait(second.arbiter.through("t"))).isZero();

    assertThat(second.session(6, 8, 5)).isEqualTo(elsewhere());
    assertThat(first.session(6, 7, 5)).isEqualTo(elsewhere(0, 1));
    assertThat(first.session(8, 10, 7)).isEqualTo(elsewhere(0));
    assertThat(Loop.wait(second.arbiter.through("s"))).isEqualTo(10);
  }

  @Test
  void aSessionsEventsAfterAGapAreNotTaken() {
    assertThat(first.session(5, 6, 0)).isEqualTo(late(0, 1));
    assertThat(first.session(1, 6, 0)).isEqualTo(elsewhere());
  }

  @Test
  void whatAReplicaKnewOfASessionBeforeItWasSharedCounts() {
    assertThat(first.session(5, 6, 4)).isEqualTo(elsewhere());
    assertThat(Loop.wait(second.arbiter.through("s"))).isEqualTo(6);
  }

  @Test
  void replicasThatAskForTheSameAtTheSameTimeGetEachEventOnce() {
    int rounds = 40;
    for (int round = 0; round < rounds; round++) {
      String mark = "r" + round + "-";
      String[] there = IntStream.range(0, 200).mapToObj(i -> mark + i).toArray(String[]::new);
      String[] back =
          IntStream.range(0, 200).mapToObj(i -> mark + (199 - i)).toArray(String[]::new);
      long now = System.currentTimeMillis();
      Future<Verdict> one =
          first.arbiter.decide(first.log, 1, first.keyed(round * 200L, now, there));
      Future<Verdict> two =
          second.arbiter.decide(second.log, 1, second.keyed(round * 200L, now, back));

      Decided left = (Decided) Loop.wait(one);
      Decided right = (Decided) Loop.wait(two);
      assertThat(left.elsewhere().cardinality() + right.elsewhere().cardinality()).isEqualTo(200);
      for (int i = 0; i < 200; i++) {
        assertThat(left.elsewhere().get(i)).isNotEqualTo(right.elsewhere().get(199 - i));
      }
    }
  }
}
