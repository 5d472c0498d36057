package io.sluice.source.http;

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
  String path = "/v1/events";
  Optional<Auth> auth = Optional.empty();
  Optional<ProxyProtocol> proxyProtocol = Optional.empty();
  Optional<TlsConfig> tls = Optional.empty();
  Accept accept = Accept.ANY;
  DuplicateKeys duplicateKeys = DuplicateKeys.ALLOW;
  long maxEventBytes = 1 << 20;
  long maxBodyBytes = 10 << 20;
  int maxConnections = 1000;
  int maxConnectionsPerAddress = 1000;
  Optional<QuotaConfig> quota = Optional.empty();
  Duration idleTimeout = Duration.ofSeconds(10);
  Ack ack = Ack.STORED;
  Ack ackFloor = Ack.ACCEPTED;
  Ack ackCeiling = Ack.DELIVERED;
  Duration answerWithin = Duration.ofSeconds(9);
  Duration roomWithin = Duration.ofSeconds(2);
  Duration bodyWithin = Duration.ofMinutes(2);
  long minBodyRate = 1024;
  Duration flushWithin = Duration.ofSeconds(10);
  boolean keyRequired;
  Duration keyWindow = Duration.ofHours(1);
  int maxKeys = 10_000;

  static HttpSourceConfig with(Consumer<Settings> changes) {
    Settings settings = new Settings();
    changes.accept(settings);
    return settings.config();
  }

  HttpSourceConfig config() {
    return new HttpSourceConfig(
        HostPort.parse(listen),
        path,
        auth,
        tls,
        proxyProtocol,
        accept,
        duplicateKeys,
        new ByteSize(maxEventBytes),
        new ByteSize(maxBodyBytes),
        maxConnections,
        maxConnectionsPerAddress,
        quota,
        idleTimeout,
        ack,
        ackFloor,
        ackCeiling,
        answerWithin,
        roomWithin,
        bodyWithin,
        new ByteSize(minBodyRate),
        flushWithin,
        new IdempotencyConfig(keyRequired, keyWindow, maxKeys));
  }
}
