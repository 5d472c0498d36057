package io.sluice.source.tcp;

import io.sluice.auth.Auth;
import io.sluice.auth.QuotaConfig;
import io.sluice.config.ByteSize;
import io.sluice.config.HostPort;
import io.sluice.event.Ack;
import io.sluice.net.ProxyProtocol;
import io.sluice.net.TlsConfig;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** A configuration to be changed in one place at a time. */
final class Settings {
  String listen = "127.0.0.1:0";
  FramingKind framing = FramingKind.NEWLINE;
  LengthPrefix length = new LengthPrefix(4, LengthPrefix.Order.BIG);
  Optional<Auth> auth = Optional.empty();
  Optional<TlsConfig> tls = Optional.empty();
  Optional<ProxyProtocol> proxyProtocol = Optional.empty();
  Accept accept = Accept.ANY;
  Charset charset = Charset.BYTES;
  long maxEventBytes = 1 << 20;
  OnBadFrame onBadFrame = OnBadFrame.CLOSE;
  LastLine lastLine = LastLine.DROP;
  boolean receipts;
  Ack ack = Ack.STORED;
  int maxConnections = 1000;
  int maxConnectionsPerAddress = 1000;
  Optional<QuotaConfig> quota = Optional.empty();
  Duration idleTimeout = Duration.ofMinutes(10);
  Duration recordWithin = Duration.ofSeconds(30);

  static TcpSourceConfig with(Consumer<Settings> changes) {
    Settings settings = new Settings();
    changes.accept(settings);
    return settings.config();
  }

  TcpSourceConfig config() {
    return new TcpSourceConfig(
        HostPort.parse(listen),
        framing,
        length,
        auth,
        tls,
        proxyProtocol,
        accept,
        charset,
        new ByteSize(maxEventBytes),
        onBadFrame,
        lastLine,
        receipts,
        ack,
        maxConnections,
        maxConnectionsPerAddress,
        quota,
        idleTimeout,
        recordWithin);
  }
}
