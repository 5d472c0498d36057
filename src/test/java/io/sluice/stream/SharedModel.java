package io.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.config.ByteSize;
import io.sluice.connector.Inlet;
import io.sluice.event.Ack;
import io.sluice.event.Batch;
import io.sluice.event.Columns;
import io.sluice.event.Delivery;
import io.sluice.event.Origin;
import io.sluice.event.Outcome;
import io.sluice.event.Receipt;
import io.sluice.event.Sequence;
import io.sluice.flow.Inlets;
import io.sluice.flow.Intake;
import io.sluice.flow.Parcel;
import io.sluice.flow.SinkDoor;
import io.sluice.harness.Loop;
import io.sluice.replica.SharedDatabase;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/**
 * Replicas of a stream that share a real database and die, stand still and are cut off, told by a
 * seed; and clients that send everything to any of them, again and again, until somebody says that
 * it is stored. What a replica's sink was given is read from its disk's cursor on.
 *
 * <p>In the end every event that was acknowledged is in one sink, and none is in two, or twice.
 */
final class SharedModel {
  private static final int REPLICAS = 3;
  private static final int SESSIONS = 4;

  private final Vertx vertx;
  private final SharedDatabase database;
  private final Random random;
  private final int faults;
  private final String shared = "sluice/" + UUID.randomUUID();
  private final Loop loop;
  private final Inlets inlets;
  private final List<Replica> replicas = new ArrayList<>();
  private final List<Client> clients = new ArrayList<>();
  private final Set<String> sent = new HashSet<>();
  private final Set<String> acknowledged = new HashSet<>();
  private final Set<String> unsettled = new HashSet<>();
  private final AtomicInteger names = new AtomicInteger();
  private final Queue<Throwable> unexpected = new ConcurrentLinkedQueue<>();
  private boolean ending;
  private int ids;

  SharedModel(Vertx vertx, SharedDatabase database, long seed, int faults) {
    this.vertx = vertx;
    this.database = database;
    this.random = new Random(seed);
    this.faults = faults;
    this.loop = Loop.of(vertx);
    this.inlets = new Inlets(vertx);
  }

  /** One replica, over all of its lives. */
  private final class Replica {
    final ModelLog.Disk disk = new ModelLog.Disk();

    /** Which event stands at which ordinal, as sinks were given them. */
    final Map<Long, String> delivered = new HashMap<>();

    String name = "";
    String deployment = "";
    ModelLog log;
    FaultyArbiter arbiter;
    Inlet inlet;
    Loop sink;
    StreamVerticle verticle;

    void live() {
      name = "model" + names.incrementAndGet();
      log = new ModelLog(vertx, disk, random.nextLong());
      Sharing sharing = Sharing.of(settings());
      arbiter =
          new FaultyArbiter(
              vertx,
              new PostgresArbiter(database, shared, sharing, Clock.systemUTC()),
              random.nextLong(),
              faults);
      ModelLog own = log;
      FaultyArbiter way = arbiter;
      StreamTelemetry telemetry = new StreamTelemetry(new SimpleMeterRegistry(), name, true);
      verticle =
          new StreamVerticle(
              name,
              settings(),
              List.of(name),
              () -> new SharedLog(vertx, own, true, sharing, way, telemetry),
              Clock.systemUTC(),
              telemetry);
      sink = Loop.of(vertx);
      sink.run(
          () -> {
            SinkDoor.answer(vertx, name, Map.of());
            Intake.<Delivery, Outcome>open(
                vertx, SinkDoor.address(name), 1 << 20, parcel -> deliver(own, parcel));
          });
      deployment = Loop.wait(vertx.deployVerticle(verticle));
      inlet = loop.call(() -> inlets.open(name));
    }

    /** A sink that keeps its position together with what it was given. */
    private void deliver(ModelLog from, Parcel<Delivery, Outcome> parcel) {
      synchronized (disk) {
        if (from.dead) {
          return;
        }
        long ordinal = parcel.content().first().ordinal();
        for (Batch batch : parcel.content().batches()) {
          for (int i = 0; i < batch.size(); i++) {
            String event = id(batch, i);
            String before = delivered.put(ordinal++, event);
            assertThat(before).isIn(null, event);
          }
        }
      }
      parcel.settle(Outcome.stored());
    }

    /** As kill -9 does it: nothing is done any more, and what is on the disk stays there. */
    void die() {
      synchronized (disk) {
        log.dead = true;
        arbiter.dead = true;
      }
      end();
    }

    void end() {
      assertThat(arbiter.fenced).as("somebody else has its log").isFalse();
      loop.await(inlet::close);
      Loop.wait(vertx.undeploy(deployment));
      sink.end();
    }
  }

  private static StreamSettings settings() {
    return new StreamSettings(
        StreamSettings.Buffer.DISK,
        Optional.of(ByteSize.parse("64MiB")),
        StreamSettings.WhenFull.BLOCK,
        Optional.empty(),
        Sync.ALWAYS,
        ByteSize.parse("1MiB"),
        Optional.of(new Dedupe(By.parse("/id"), Duration.ofHours(1), 100_000, true)),
        Optional.of(StreamSettings.Sessions.SHARED));
  }

  private static String id(Batch batch, int event) {
    String text =
        new String(
            batch.region(),
            batch.start(event),
            batch.end(event) - batch.start(event),
            StandardCharsets.UTF_8);
    return text.replaceAll(".*:\"(.*)\".*", "$1");
  }

  private static Batch batch(String member, List<String> events) {
    ByteArrayOutputStream region = new ByteArrayOutputStream();
    int[] bounds = new int[2 * events.size()];
    for (int i = 0; i < events.size(); i++) {
      bounds[2 * i] = region.size();
      region.writeBytes(
          ("{\"" + member + "\":\"" + events.get(i) + "\"}").getBytes(StandardCharsets.UTF_8));
      bounds[2 * i + 1] = region.size();
      region.write('\n');
    }
    Origin origin = new Origin("app", Origin.ANONYMOUS, "application/json", Instant.now());
    return Batch.of(region.toByteArray(), bounds, true, origin, Columns.NONE);
  }

  private Replica any() {
    return replicas.get(random.nextInt(REPLICAS));
  }

  private Future<Receipt> put(Inlet inlet, Batch batch) {
    return within(
        3_000,
        inlet
            .reserve(batch.weight(), Duration.ofMillis(300))
            .compose(room -> room.put(batch, Ack.STORED)));
  }

  /** On the loop, which {@link Future#timeout} may leave. */
  private <T> Future<T> within(long millis, Future<T> answer) {
    Promise<T> first = Promise.promise();
    vertx.setTimer(millis, late -> first.tryFail("late"));
    answer.onSuccess(first::tryComplete).onFailure(first::tryFail);
    return first.future();
  }

  /** Sends ids to some replicas, and again until somebody has them. On the loop. */
  private void push(List<String> events) {
    put(any().inlet, batch("id", events))
        .onComplete(
            answer -> {
              if (answer.succeeded() && answer.result() instanceof Receipt.Kept) {
                acknowledged.addAll(events);
                unsettled.removeAll(events);
              } else if (unsettled.containsAll(events)) {
                vertx.setTimer(20 + random.nextInt(50), again -> push(events));
              }
            });
  }

  /** A client with a session: numbers its events, and goes on wherever it comes to. On the loop. */
  private final class Client {
    final String session = "owner." + names.incrementAndGet();
    long made;
    long acked;
    int connection;
    boolean idle;

    @Override
    public String toString() {
      return session + ": " + acked + " of " + made + (idle ? " and idle" : "");
    }

    void connect() {
      int mine = ++connection;
      Inlet inlet = any().inlet;
      long known = acked;
      within(2_000, inlet.through(session))
          .onComplete(
              through -> {
                if (mine != connection) {
                  return;
                }
                if (through.failed()) {
                  vertx.setTimer(20, again -> reconnect(mine));
                } else {
                  assertThat(through.result()).isGreaterThanOrEqualTo(known);
                  send(inlet, through.result(), mine);
                }
              });
    }

    private void reconnect(int mine) {
      if (mine == connection) {
        connect();
      }
    }

    void send(Inlet inlet, long through, int mine) {
      if (ending && through == made) {
        idle = true;
        return;
      }
      int events = 1 + random.nextInt(5);
      made = ending ? made : Math.max(made, through + events);
      long last = Math.min(made, through + events);
      List<String> batch = new ArrayList<>();
      for (long number = through + 1; number <= last; number++) {
        batch.add(session + "-" + number);
        sent.add(session + "-" + number);
      }
      put(inlet, batch("n", batch).numbered(new Sequence(session, through + 1, last)))
          .onComplete(
              answer -> {
                boolean kept = answer.succeeded() && answer.result() instanceof Receipt.Kept;
                if (kept) {
                  acknowledged.addAll(batch);
                  acked = Math.max(acked, last);
                }
                if (mine == connection && kept) {
                  vertx.setTimer(1 + random.nextInt(20), next -> next(inlet, last, mine));
                } else if (mine == connection) {
                  vertx.setTimer(20, again -> reconnect(mine));
                }
              });
      if (random.nextInt(12) == 0) {
        connect(); // the old connection lingers with what is under way
      }
    }

    private void next(Inlet inlet, long last, int mine) {
      if (mine == connection) {
        send(inlet, last, mine);
      }
    }
  }

  void live(int actions) {
    vertx.exceptionHandler(unexpected::add);
    for (int i = 0; i < REPLICAS; i++) {
      replicas.add(new Replica());
      replicas.get(i).live();
    }
    loop.run(
        () -> {
          for (int i = 0; i < SESSIONS; i++) {
            clients.add(new Client());
            clients.get(i).connect();
          }
        });
    for (int i = 0; i < actions; i++) {
      act();
    }
    end();
  }

  private void act() {
    int dice = random.nextInt(100);
    Replica replica = any();
    if (dice < 70) {
      loop.run(
          () -> {
            List<String> events = new ArrayList<>();
            for (int left = 1 + random.nextInt(8); left > 0; left--) {
              events.add("i" + ids++);
            }
            sent.addAll(events);
            unsettled.addAll(events);
            for (int copies = 1 + random.nextInt(3); copies > 0; copies--) {
              push(events);
            }
          });
    } else if (dice < 78) {
      replica.die();
      replica.live();
    } else if (dice < 82) {
      replica.end();
      replica.live();
    } else if (dice < 86) {
      replica.verticle.onLoop(replica.arbiter::standStill);
    } else if (dice < 92) {
      replicas.forEach(each -> each.verticle.onLoop(each.arbiter::goOn));
    } else if (dice < 94) {
      replica.arbiter.away = true;
    } else if (dice < 97) {
      replicas.forEach(each -> each.arbiter.away = false);
    }
    Loop.wait(vertx.timer(random.nextInt(25) + 1));
  }

  private void end() {
    replicas.forEach(each -> each.arbiter.away = false);
    replicas.forEach(each -> each.verticle.onLoop(each.arbiter::goOn));
    loop.run(() -> ending = true);
    Awaitility.await("all is acknowledged")
        .atMost(Duration.ofSeconds(40))
        .untilAsserted(
            () ->
                loop.run(
                    () -> {
                      assertThat(unexpected).isEmpty();
                      assertThat(unsettled).isEmpty();
                      assertThat(clients).allMatch(client -> client.idle);
                    }));
    // What is still under way ends, and whoever has something in its log says what of it counts.
    for (Replica replica : replicas) {
      replica.end();
      replica.live();
    }
    Awaitility.await("all is delivered")
        .atMost(Duration.ofSeconds(20))
        .until(() -> replicas.stream().allMatch(this::delivered));
    replicas.forEach(Replica::end);
    loop.end();
    check();
  }

  private boolean delivered(Replica replica) {
    synchronized (replica.disk) {
      return replica.disk.cursor.ordinal() == replica.disk.next.ordinal();
    }
  }

  private void check() {
    assertThat(unexpected).isEmpty();
    assertThat(replicas).noneMatch(replica -> replica.disk.toldLate);
    Map<String, Integer> times = new HashMap<>();
    for (Replica replica : replicas) {
      replica.delivered.values().forEach(event -> times.merge(event, 1, Integer::sum));
    }
    Set<String> twice = new TreeSet<>();
    times.forEach(
        (event, count) -> {
          if (count > 1) {
            twice.add(event);
          }
        });
    Set<String> missing = new TreeSet<>(acknowledged);
    missing.removeAll(times.keySet());
    assertThat(twice).as("in sinks more than once").isEmpty();
    assertThat(missing).as("acknowledged and in no sink").isEmpty();
    assertThat(sent).containsAll(times.keySet());
    assertThat(acknowledged).hasSizeGreaterThan(20);
  }
}
