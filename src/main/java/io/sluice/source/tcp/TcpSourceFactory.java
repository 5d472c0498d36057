package io.sluice.source.tcp;

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

/** Tells of TCP push, and makes it. */
public final class TcpSourceFactory implements SourceFactory<TcpSourceConfig> {
  private final Supplier<Listeners> listeners;

  /**
   * The factory.
   *
   * @param listeners asked when the first source is made, for what all of them share
   */
  public TcpSourceFactory(Supplier<Listeners> listeners) {
    this.listeners = listeners;
  }

  @Override
  public String type() {
    return "tcp";
  }

  @Override
  public Class<TcpSourceConfig> configType() {
    return TcpSourceConfig.class;
  }

  @Override
  public Set<Claim> claims(TcpSourceConfig config) {
    return Set.of(Claim.port(config.listen()));
  }

  @Override
  public void inspect(TcpSourceConfig config, Findings findings) {
    config.tls().ifPresent(tls -> new TlsFiles(tls).inspect("tls", findings, Instant.now()));
  }

  @Override
  public boolean takesOver(TcpSourceConfig before, TcpSourceConfig now) {
    return now.listen().port() != 0
        && now.listen().equals(before.listen())
        && now.listener().equals(before.listener());
  }

  @Override
  public Source create(TcpSourceConfig config, SourceContext context) {
    return new TcpSource(config, context, listeners.get());
  }
}
