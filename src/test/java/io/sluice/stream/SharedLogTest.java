package io.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.event.Ack;
import io.sluice.event.Batch;
import io.sluice.event.Columns;
import io.sluice.event.Origin;
import io.sluice.event.Position;
import io.sluice.event.Refusal;
import io.sluice.event.Sequence;
import io.sluice.flow.Put;
import io.sluice.harness.Loop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A log that replicas agree on, where the database is silent: no answer comes, and no failure. */
class SharedLogTest {
  private final Vertx vertx = Vertx.vertx();
  private final Loop home = Loop.of(vertx);
  private final Thread loop = home.call(Thread::currentThread);
  private final List<Refusal> refused = new ArrayList<>();

  @AfterEach
  void close() {
    Loop.wait(vertx.close());
  }

  /** Says who has the log, perhaps, and nothing else. */
  private record Silent(Future<Standing> standing) implements Arbiter {
    @Override
    public Future<Standing> take(
        UUID log, UUID owner, int epoch, long from, long known, long next, boolean lasting) {
      return standing;
    }

    @Override
    public Future<Verdict> decide(UUID log, long term, Claim claim) {
      return Promise.<Verdict>promise().future();
    }

    @Override
    public Future<Long> through(String session) {
      return Promise.<Long>promise().future();
    }

    @Override
    public Future<Boolean> tidy() {
      return Future.succeededFuture(false);
    }
  }

  private final class Told implements Log.Keeper {
    @Override
    public void kept(Position first, Ticket ticket) {
      throw new AssertionError("nobody agreed on it");
    }

    @Override
    public void refused(Ticket ticket, Refusal why) {
      refused.add(why);
    }

    @Override
    public void voided(Position first, Ticket ticket, BitSet voids, Refusal why) {
      throw new AssertionError("nobody agreed on it");
    }

    @Override
    public void grown() {
      // there is nothing to read
    }
  }

  private SharedLog log(Future<Standing> standing) {
    return home.call(
        () ->
            new SharedLog(
                vertx,
                new MemoryLog(),
                false,
                new Sharing(Optional.empty(), true, true),
                new Silent(standing),
                new StreamTelemetry(new SimpleMeterRegistry(), "app", false)));
  }

  private Thread whereItOpens(SharedLog log) {
    return home.await(
        () -> log.open(new Told(), Optional.empty()).map(opened -> Thread.currentThread()));
  }

  private static Batch numbered() {
    Origin origin = new Origin("app", Origin.ANONYMOUS, "text/plain", Instant.now());
    return Batch.of(new byte[] {'a', '\n'}, new int[] {0, 1}, true, origin, Columns.NONE)
        .numbered(new Sequence("owner.s", 1, 1));
  }

  @Test
  void anOpeningThatWaitedLongEnoughGoesOnOnItsOwnEventLoop() {
    SharedLog log = log(Promise.<Standing>promise().future());

    assertThat(whereItOpens(log)).isSameAs(loop);

    assertThat(home.call(() -> log.obstacle(numbered()))).contains(Refusal.REPLICA_STORE);
  }

  @Test
  void aCloseThatWaitedLongEnoughGoesOnOnItsOwnEventLoop() {
    SharedLog log = log(Future.succeededFuture(new Standing(1, 0, new TreeMap<>(), 1, 2)));
    whereItOpens(log);
    Ticket ticket = new Ticket(new Put(numbered(), Ack.STORED), () -> {}, answer -> {});
    ticket.append(ticket.batch());
    home.run(() -> log.append(ticket.appended(), ticket));

    Thread closed =
        home.await(
            () ->
                log.close(Memory.empty(Optional.empty()), Position.START)
                    .map(done -> Thread.currentThread()));

    assertThat(closed).isSameAs(loop);
    assertThat(refused).containsExactly(Refusal.UNKNOWN);
  }
}
