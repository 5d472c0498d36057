package io.sluice.control;

import io.sluice.config.HostPort;
import io.sluice.config.Key;
import io.sluice.connector.Catalog;
import io.sluice.connector.Claim;
import io.sluice.connector.Counterpart;
import io.sluice.connector.Sink;
import io.sluice.connector.SinkContext;
import io.sluice.connector.SinkFactory;
import io.sluice.connector.Source;
import io.sluice.connector.SourceContext;
import io.sluice.connector.SourceFactory;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Connectors that can be configured but not run. */
final class Fakes {
  static final ConfigurationModel<Admin> MODEL =
      new ConfigurationModel<>(
          Catalog.of(List.of(new DoorFactory()), List.of(new PitFactory())),
          Admin.class,
          admin -> Set.of(Claim.port(admin.listen())));

  /** The same, with sources that pull. */
  static final ConfigurationModel<Admin> PULLING =
      new ConfigurationModel<>(
          Catalog.of(List.of(new DoorFactory(), new PumpFactory()), List.of(new PitFactory())),
          Admin.class,
          admin -> Set.of(Claim.port(admin.listen())));

  private Fakes() {}

  record Admin(@Key(doc = "Address.", preset = "127.0.0.1:9090") HostPort listen) {}

  record Door(
      @Key(doc = "Address.") HostPort listen,
      @Key(doc = "Path.", preset = "/") String path,
      @Key(doc = "Manner.", preset = "plain") String manner) {}

  record Pump(
      @Key(doc = "Whom it stands in for.") Optional<String> standby,
      @Key(doc = "Whom it checks.") Optional<String> reconcile) {}

  record Pit(@Key(doc = "Path.") String path) {}

  static final class DoorFactory implements SourceFactory<Door> {
    @Override
    public String type() {
      return "door";
    }

    @Override
    public Class<Door> configType() {
      return Door.class;
    }

    @Override
    public Set<Claim> claims(Door config) {
      return Set.of(
          new Claim("route", config.listen() + config.path()),
          Claim.port(config.listen(), "manner " + config.manner()));
    }

    @Override
    public boolean takesOver(Door before, Door now) {
      return now.listen().equals(before.listen());
    }

    @Override
    public Source create(Door config, SourceContext context) {
      throw new UnsupportedOperationException();
    }
  }

  static final class PumpFactory implements SourceFactory<Pump> {
    @Override
    public String type() {
      return "pump";
    }

    @Override
    public Class<Pump> configType() {
      return Pump.class;
    }

    @Override
    public Set<Claim> claims(Pump config) {
      return Set.of();
    }

    @Override
    public boolean pulls() {
      return true;
    }

    @Override
    public Optional<Counterpart> counterpart(Pump config) {
      return config
          .standby()
          .map(other -> new Counterpart("standby", other, false))
          .or(() -> config.reconcile().map(other -> new Counterpart("reconcile", other, true)));
    }

    @Override
    public Source create(Pump config, SourceContext context) {
      throw new UnsupportedOperationException();
    }
  }

  static final class PitFactory implements SinkFactory<Pit> {
    @Override
    public String type() {
      return "pit";
    }

    @Override
    public Class<Pit> configType() {
      return Pit.class;
    }

    @Override
    public Set<Claim> claims(Pit config) {
      return Set.of(new Claim("file", config.path()));
    }

    @Override
    public Sink create(Pit config, SinkContext context) {
      throw new UnsupportedOperationException();
    }
  }
}
