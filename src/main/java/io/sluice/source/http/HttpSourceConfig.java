package io.sluice.source.http;

import io.sluice.auth.Auth;
import io.sluice.auth.Carrier;
import io.sluice.auth.QuotaConfig;
import io.sluice.config.ByteSize;
import io.sluice.config.Check;
import io.sluice.config.HostPort;
import io.sluice.config.Key;
import io.sluice.event.Ack;
import io.sluice.net.ListenerSettings;
import io.sluice.net.Paths;
import io.sluice.net.ProxyProtocol;
import io.sluice.net.TlsConfig;
import java.time.Duration;
import java.util.Optional;

/** What an operator says of an HTTP source. */
public record HttpSourceConfig(
    @Key(doc = "Address to listen on; sources that name the same one share it.") HostPort listen,
    @Key(doc = "Path to POST to.", preset = "/") String path,
    @Key(doc = "How clients prove who they are; needed unless the address is a loopback one.")
        Optional<Auth> auth,
    @Key(doc = "TLS; sources that share an address have to agree on it. Without it, none.")
        Optional<TlsConfig> tls,
    @Key(
            doc =
                "Proxies in front that say for whom they connect; sources that share an address"
                    + " have to agree on it.")
        Optional<ProxyProtocol> proxyProtocol,
    @Key(
            doc =
                "Which bodies are taken: `any`, `json` (lines of it and CloudEvents in it too), or"
                    + " `cloudevents` only.",
            preset = "any")
        Accept accept,
    @Key(
            doc =
                "What becomes of a JSON event in which an object has a key twice; looking for that"
                    + " is a second pass over each event.",
            preset = "allow")
        DuplicateKeys duplicateKeys,
    @Key(doc = "Largest event.", preset = "1MiB") ByteSize maxEventBytes,
    @Key(doc = "Largest body, as sent and once its content coding is undone.", preset = "10MiB")
        ByteSize maxBodyBytes,
    @Key(doc = "Most connections, over all sources on the address.", preset = "10000")
        int maxConnections,
    @Key(
            doc =
                "Most connections from one client address; the addresses of an IPv6 /64 count as"
                    + " one. Behind a proxy all clients have the proxy's.",
            preset = "1000")
        int maxConnectionsPerAddress,
    @Key(
            doc =
                "How much may come; whoever sends more is answered 429. Without it, as much as the"
                    + " stream takes.")
        Optional<QuotaConfig> quota,
    @Key(
            doc =
                "When a connection is closed on which nothing came or went; also the longest the"
                    + " head of a request may take.",
            preset = "10s")
        Duration idleTimeout,
    @Key(doc = "What a client waits for that does not say.", preset = "stored") Ack ack,
    @Key(doc = "The least a client can wait for.", preset = "accepted") Ack ackFloor,
    @Key(doc = "The most a client can wait for.", preset = "delivered") Ack ackCeiling,
    @Key(
            doc =
                "Longest wait for an answer, whatever the client prefers; less than idleTimeout,"
                    + " which would end the connection.",
            preset = "9s")
        Duration answerWithin,
    @Key(doc = "Longest wait for room in the stream before answering 503.", preset = "2s")
        Duration roomWithin,
    @Key(doc = "Longest a body may take to arrive.", preset = "2m") Duration bodyWithin,
    @Key(doc = "Least bytes of a body a second, once idleTimeout has passed.", preset = "1KiB")
        ByteSize minBodyRate,
    @Key(doc = "Longest a client may take to receive its answer.", preset = "10s")
        Duration flushWithin,
    @Key(doc = "How answers are remembered by Idempotency-Key.") IdempotencyConfig idempotency) {
  public HttpSourceConfig {
    Check.guarded(listen, auth);
    Auth.check(auth, Carrier.REQUEST, tls.map(TlsConfig::asksForCertificates).orElse(false));
    Check.that(
        path.startsWith("/") && path.indexOf('?') < 0 && path.indexOf('#') < 0,
        "path",
        "must begin with a slash and have neither ? nor #");
    Check.that(
        path.equals(Paths.normal(path)),
        "path",
        "must be written without percent encodings and dot segments, as clients' paths are"
            + " compared with it when theirs are undone");
    Check.that(maxEventBytes.bytes() > 0, "maxEventBytes", "must be positive");
    Check.that(
        maxBodyBytes.bytes() > 0 && maxBodyBytes.bytes() <= 1 << 30,
        "maxBodyBytes",
        "must be positive and at most 1GiB");
    Check.that(
        maxEventBytes.compareTo(maxBodyBytes) <= 0,
        "maxEventBytes",
        "must not be more than maxBodyBytes");
    Check.that(maxConnections > 0, "maxConnections", "must be positive");
    Check.that(maxConnectionsPerAddress > 0, "maxConnectionsPerAddress", "must be positive");
    Check.that(positive(idleTimeout), "idleTimeout", "must be positive");
    Check.that(positive(answerWithin), "answerWithin", "must be positive");
    Check.that(
        answerWithin.compareTo(idleTimeout) < 0, "answerWithin", "must be less than idleTimeout");
    Check.that(!roomWithin.isNegative(), "roomWithin", "must not be negative");
    Check.that(positive(bodyWithin), "bodyWithin", "must be positive");
    Check.that(positive(flushWithin), "flushWithin", "must be positive");
    Check.that(ackFloor.compareTo(ack) <= 0, "ackFloor", "must not be more than ack");
    Check.that(ackCeiling.compareTo(ack) >= 0, "ackCeiling", "must not be less than ack");
  }

  /** What it has to agree on with the others on its address. */
  ListenerSettings listener() {
    return new ListenerSettings(
        maxConnections, maxConnectionsPerAddress, idleTimeout, flushWithin, proxyProtocol, tls);
  }

  private static boolean positive(Duration duration) {
    return !duration.isNegative() && !duration.isZero();
  }
}
