package io.sluice.source.poll;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.config.ByteSize;
import io.sluice.config.Durations;
import io.sluice.connector.Cursor;
import io.sluice.connector.Every;
import io.sluice.connector.PollSettings;
import io.sluice.connector.PollSettings.CursorLoss;
import io.sluice.connector.PollSettings.PollRetry;
import io.sluice.connector.PollSettings.Reconcile;
import io.sluice.connector.PollSettings.Standby;
import io.sluice.connector.Polled;
import io.sluice.connector.Step;
import io.sluice.event.Batch;
import io.sluice.event.Columns;
import io.sluice.event.Origin;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A poller in fake surroundings; everything happens on the test's thread. */
final class Rig {
  static final Origin ORIGIN = new Origin("orders", Origin.ANONYMOUS, "text/plain", Instant.EPOCH);

  final FakeTime time = new FakeTime();
  final FakeLeases leases = new FakeLeases();
  final FakeInlet inlet = new FakeInlet(time);
  MeterRegistry meters = new SimpleMeterRegistry();
  final Hosts hosts = new Hosts(Runnable::run, time);
  final Intervals intervals = new Intervals();
  final List<Long> polled = new ArrayList<>();
  final List<Cursor> from = new ArrayList<>();
  ScriptedPoll.Script script = (cursor, intake) -> empty();
  Surroundings.TurnTaking turns = host -> Future.failedFuture("not polled yet");
  OptionalLong lastKept = OptionalLong.empty();
  double random = 0.5;
  int closed;

  Every every = Every.Fixed.parse("10s");
  Optional<Duration> jitter = Optional.of(Duration.ZERO);
  Duration timeout = Duration.ofSeconds(30);
  Optional<Integer> requestsPerHour = Optional.empty();
  CursorLoss onCursorLoss = CursorLoss.PAUSE;
  Optional<Standby> standby = Optional.empty();
  Optional<Reconcile> reconcile = Optional.empty();
  Poller poller;

  static Future<Polled> empty() {
    return Future.succeededFuture(Polled.all(Step.NONE));
  }

  static Batch batch(String... events) {
    byte[] region = String.join("\n", events).concat("\n").getBytes(StandardCharsets.UTF_8);
    int[] bounds = new int[2 * events.length];
    int at = 0;
    for (int i = 0; i < events.length; i++) {
      bounds[2 * i] = at;
      at += events[i].getBytes(StandardCharsets.UTF_8).length;
      bounds[2 * i + 1] = at;
      at++;
    }
    return Batch.of(region, bounds, true, ORIGIN, Columns.NONE);
  }

  PollSettings settings() {
    return new PollSettings(
        every,
        jitter,
        timeout,
        new PollRetry(Duration.ofSeconds(1), Duration.ofMinutes(5)),
        requestsPerHour,
        ByteSize.parse("1MiB"),
        onCursorLoss,
        standby,
        reconcile);
  }

  Rig start() {
    PollSettings settings = settings();
    poller =
        new Poller(
            "orders",
            settings,
            new Surroundings(
                inlet,
                leases,
                hosts,
                intervals,
                Runnable::run,
                time,
                taking -> {
                  turns = taking;
                  return new ScriptedPoll(this);
                },
                source -> lastKept,
                () -> random),
            new PollTelemetry("orders", meters, settings.reconcile().isPresent()));
    poller.start();
    time.pass(Duration.ofMillis(1));
    return this;
  }

  void pass(String duration) {
    time.pass(Durations.parse(duration));
  }

  int polls() {
    return polled.size();
  }

  String state() {
    return poller.standing().state();
  }

  double skipped(String reason) {
    return count("sluice.polls.skipped", "reason", reason);
  }

  double outcome(String outcome) {
    return count("sluice.polls", "outcome", outcome);
  }

  double count(String name, String key, String value) {
    return meters.find(name).tag(key, value).counters().stream()
        .mapToDouble(counter -> counter.count())
        .sum();
  }
}
