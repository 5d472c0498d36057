package io.sluice.admin;

import io.sluice.connector.Claim;
import io.sluice.connector.Source;
import io.sluice.connector.Standing;
import io.sluice.connector.Steering;
import io.sluice.control.Gateway;
import io.sluice.control.Gateway.Phase;
import io.sluice.control.ParkedPart;
import io.sluice.control.Reloads;
import io.sluice.control.SinkPart;
import io.sluice.control.SinkSpec;
import io.sluice.control.SourceSpec;
import io.sluice.event.Position;
import io.sluice.report.Account;
import io.sluice.report.Report;
import io.sluice.report.Subject;
import io.sluice.stream.Stream;
import io.sluice.stream.StreamSettings;
import io.sluice.stream.StreamState;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a running {@link Gateway} says of itself, from states its parts publish about once a second.
 */
public final class GatewayView implements View {
  private final Gateway gateway;
  private final Reloads<?> reloads;
  private final Clock clock;

  public GatewayView(Gateway gateway, Reloads<?> reloads, Clock clock) {
    this.gateway = gateway;
    this.reloads = reloads;
    this.clock = clock;
  }

  @Override
  public Reloads.State configuration() {
    return reloads.state();
  }

  @Override
  public Future<Reloads.Attempt> reload() {
    return reloads.reload();
  }

  @Override
  public Health started() {
    return gateway.phase() == Phase.STARTING
        ? Health.trouble("gateway", "is starting")
        : Health.WELL;
  }

  @Override
  public Health live() {
    return journals();
  }

  @Override
  public Health ready() {
    Health phase =
        gateway.phase() == Phase.RUNNING
            ? Health.WELL
            : Health.trouble("gateway", "is " + word(gateway.phase()));
    return phase.and(journals()).and(room());
  }

  private Health journals() {
    Health all = Health.WELL;
    for (Stream stream : gateway.streams().values()) {
      if (gateway.phase() == Phase.RUNNING && !stream.state().healthy()) {
        all = all.and(Health.trouble("stream " + stream.name(), "its disk has failed"));
      }
    }
    return all;
  }

  private Health room() {
    Health all = Health.WELL;
    for (Stream stream : gateway.streams().values()) {
      StreamState state = stream.state();
      if (state.limit() > 0
          && state.bytes() >= state.limit()
          && stream.settings().whenFull() != StreamSettings.WhenFull.DROP_OLDEST) {
        all = all.and(Health.trouble("stream " + stream.name(), "is full"));
      }
    }
    return all;
  }

  @Override
  public Topology topology() {
    return new Topology(
        gateway.name(),
        reloads.state().generation(),
        gateway.settings().sources().values().stream().map(this::source).toList(),
        gateway.streams().values().stream().map(this::stream).toList(),
        gateway.settings().sinks().values().stream().map(this::sink).toList());
  }

  @Override
  public Report report() {
    Map<String, Account> accounts = gateway.accounts();
    List<Report.Line> lines = new ArrayList<>();
    for (SourceSpec source : gateway.settings().sources().values()) {
      Account account = accounts.get(source.name());
      if (account != null) {
        lines.add(Report.Line.of(subject(source), account));
      }
    }
    return new Report(clock.instant(), lines);
  }

  private Subject subject(SourceSpec source) {
    Optional<Standing> standing = standing(source.name());
    OptionalLong last = gateway.lastKept(source.name());
    return new Subject(
        source.name(),
        source.type(),
        source.to(),
        source.every(),
        standing.flatMap(Standing::interval),
        source.counterpart(),
        standing.flatMap(Standing::trouble),
        last.isEmpty()
            ? Optional.empty()
            : Optional.of(Duration.ofNanos(System.nanoTime() - last.getAsLong())));
  }

  private Optional<Standing> standing(String source) {
    return source(source)
        .flatMap(Source::steering)
        .map(Steering::standing)
        .filter(known -> gateway.phase() == Phase.RUNNING);
  }

  @Override
  public Optional<Source> source(String name) {
    return Optional.ofNullable(gateway.sources().get(name));
  }

  @Override
  public Future<List<ParkedPart>> parked() {
    return gateway.parked();
  }

  @Override
  public Future<List<ParkedPart>> retire(
      ParkedPart.Kind kind, String name, Optional<String> stream) {
    return gateway.retire(kind, name, stream);
  }

  private Topology.SourcePart source(SourceSpec source) {
    Optional<Standing> standing = standing(source.name());
    return new Topology.SourcePart(
        source.name(),
        source.type(),
        standing.map(Standing::state).orElse(word(gateway.phase())),
        source.claims().stream()
            .filter(claim -> claim.terms().isEmpty())
            .map(Claim::what)
            .findFirst(),
        List.of(source.to()),
        standing.flatMap(Standing::interval),
        standing.flatMap(Standing::trouble),
        gateway
            .leases()
            .owner(source.name())
            .map(owner -> new Topology.OwnerPart(owner.replica(), owner.term())));
  }

  private Topology.StreamPart stream(Stream stream) {
    StreamState state = stream.state();
    return new Topology.StreamPart(
        stream.name(),
        word(stream.settings().buffer()),
        state.healthy() || gateway.phase() != Phase.RUNNING ? word(gateway.phase()) : "failed",
        state.first(),
        state.next(),
        state.bytes(),
        state.limit(),
        state.granted(),
        Optional.of("its disk has failed")
            .filter(failed -> gateway.phase() == Phase.RUNNING && !state.healthy()));
  }

  private Topology.SinkPart sink(SinkSpec sink) {
    String state =
        Optional.ofNullable(gateway.sinks().get(sink.name()))
            .map(running -> running.state())
            .orElse("");
    int colon = state.indexOf(": ");
    return new Topology.SinkPart(
        sink.name(),
        sink.type(),
        colon < 0 ? state : state.substring(0, colon),
        sink.settings().from().stream().map(stream -> progress(stream, sink.name())).toList(),
        deadLetters(sink.name()),
        colon < 0 ? Optional.empty() : Optional.of(state.substring(colon + 2)));
  }

  private Topology.DeadLettersPart deadLetters(String sink) {
    return Optional.ofNullable(gateway.sinks().get(sink))
        .map(SinkPart::deadLetters)
        .map(letters -> new Topology.DeadLettersPart(letters.bytes(), letters.maxBytes()))
        .orElse(new Topology.DeadLettersPart(0, 0));
  }

  private Topology.Progress progress(String name, String sink) {
    StreamState state =
        Optional.ofNullable(gateway.streams().get(name)).map(Stream::state).orElseThrow();
    long lag = state.lag(sink);
    return new Topology.Progress(
        name,
        new Position(state.next().epoch(), state.next().ordinal() - lag),
        lag,
        state.age(sink));
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
