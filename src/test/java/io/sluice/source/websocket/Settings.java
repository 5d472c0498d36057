package io.sluice.source.websocket;

import io.sluice.auth.Auth;
import io.sluice.auth.QuotaConfig;
import io.sluice.config.ByteSize;
import io.sluice.config.HostPort;
import io.sluice.net.TlsConfig;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A configuration to be changed in one place at a time. */
final class Settings {
  String listen = "127.0.0.1:0";
  String path = "/v1/live";
  Optional<Auth> auth = Optional.empty();
  Optional<TlsConfig> tls = Optional.empty();
  List<String> origins = List.of();
  Accept accept = Accept.ANY;
  SplitBy split = SplitBy.MESSAGES;
  long maxEventBytes = 1 << 20;
  long maxMessageBytes = 1 << 20;
  long window = 1 << 20;
  int maxConnections = 1000;
  int maxConnectionsPerAddress = 1000;
  Optional<QuotaConfig> quota = Optional.empty();
  Duration idleTimeout = Duration.ofSeconds(10);
  Duration pingAfter = Duration.ofSeconds(5);
  Duration silentAfter = Duration.ofSeconds(30);
  Duration messageWithin = Duration.ofSeconds(30);
  Duration roomWithin = Duration.ofMinutes(1);
  Duration flushWithin = Duration.ofSeconds(10);

  static WebSocketSourceConfig with(Consumer<Settings> changes) {
    Settings settings = new Settings();
    changes.accept(settings);
    return settings.config();
  }

  WebSocketSourceConfig config() {
    return new WebSocketSourceConfig(
        HostPort.parse(listen),
        path,
        auth,
        tls,
        Optional.empty(),
        origins,
        accept,
        split,
        new ByteSize(maxEventBytes),
        new ByteSize(maxMessageBytes),
        new ByteSize(window),
        maxConnections,
        maxConnectionsPerAddress,
        quota,
        idleTimeout,
        pingAfter,
        silentAfter,
        messageWithin,
        roomWithin,
        flushWithin);
  }
}
