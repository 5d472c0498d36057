package io.sluice.control;

import io.sluice.config.HostPort;
import io.sluice.config.Key;
import io.sluice.connector.Catalog;
import io.sluice.connector.Claim;
import io.sluice.connector.Sink;
import io.sluice.connector.SinkContext;
import io.sluice.connector.SinkFactory;
import io.sluice.connector.Source;
import io.sluice.connector.SourceContext;
import io.sluice.connector.SourceFactory;
import java.util.List;
import java.util.Set;

/** Connectors that can be configured but not run. */
final class Fakes {
  static final ConfigurationModel<Admin> MODEL =
      new ConfigurationModel<>(
          Catalog.of(List.of(new DoorFactory()), List.of(new PitFactory())),
          Admin.class,
          admin -> Set.of(Claim.port(admin.listen())));

  private Fakes() {}

  record Admin(@Key(doc = "Address.", preset = "127.0.0.1:9090") HostPort listen) {}

  record Door(
      @Key(doc = "Address.") HostPort listen,
      @Key(doc = "Path.", preset = "/") String path,
      @Key(doc = "Manner.", preset = "plain") String manner) {}

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
