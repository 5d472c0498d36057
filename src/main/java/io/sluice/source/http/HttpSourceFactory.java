package io.sluice.source.http;

import io.sluice.auth.Guards;
import io.sluice.connector.Claim;
import io.sluice.connector.Findings;
import io.sluice.connector.Source;
import io.sluice.connector.SourceContext;
import io.sluice.connector.SourceFactory;
import io.sluice.net.Listeners;
import io.sluice.net.TlsFiles;
import java.time.Instant;
import java.util.Set;
import java.util.function.Supplier;

/** Tells of HTTP push, and makes it. */
public final class HttpSourceFactory implements SourceFactory<HttpSourceConfig> {
  private final Supplier<Listeners> listeners;

  /**
   * The factory.
   *
   * @param listeners asked when the first source is made, for what all of them share
   */
  public HttpSourceFactory(Supplier<Listeners> listeners) {
    this.listeners = listeners;
  }

  @Override
  public String type() {
    return "http";
  }

  @Override
  public Class<HttpSourceConfig> configType() {
    return HttpSourceConfig.class;
  }

  @Override
  public Set<Claim> claims(HttpSourceConfig config) {
    return Set.of(
        new Claim("route", config.listen() + config.path()),
        Claim.port(config.listen(), config.listener().toString()));
  }

  @Override
  public void inspect(HttpSourceConfig config, Findings findings) {
    config.auth().ifPresent(auth -> Guards.inspect(auth, "auth", findings));
    config.tls().ifPresent(tls -> new TlsFiles(tls).inspect("tls", findings, Instant.now()));
  }

  @Override
  public boolean takesOver(HttpSourceConfig before, HttpSourceConfig now) {
    return now.listen().equals(before.listen()) && now.listener().equals(before.listener());
  }

  @Override
  public Source create(HttpSourceConfig config, SourceContext context) {
    return new HttpSource(config, context, listeners.get());
  }
}
