package io.sluice.source.websocket;

import io.sluice.auth.Auth;
import io.sluice.auth.Carrier;
import io.sluice.auth.QuotaConfig;
import io.sluice.config.ByteSize;
import io.sluice.config.Check;
import io.sluice.config.HostPort;
import io.sluice.config.Key;
import io.sluice.net.ListenerSettings;
import io.sluice.net.Paths;
import io.sluice.net.ProxyProtocol;
import io.sluice.net.TlsConfig;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What an operator says of a WebSocket source. */
public record WebSocketSourceConfig(
    @Key(
            doc =
                "Address to listen on; sources of type `http` and `websocket` that name the same"
                    + " one share it.")
        HostPort listen,
    @Key(doc = "Path to connect to.", preset = "/") String path,
    @Key(doc = "How clients prove who they are; needed unless the address is a loopback one.")
        Optional<Auth> auth,
    @Key(doc = "TLS on the address; sources that share one must agree. Left out: none.")
        Optional<TlsConfig> tls,
    @Key(
            doc =
                "Proxies in front that say for whom they connect; sources that share an address"
                    + " have to agree on it.")
        Optional<ProxyProtocol> proxyProtocol,
    @Key(
            doc =
                "Origins of web pages that may connect, like `https://app.example.com`; `*` for"
                    + " all. The address's own origin always may, and clients that name none.")
        List<String> origins,
    @Key(doc = "Which messages are taken.", preset = "any") Accept accept,
    @Key(
            doc = "What is an event: each of the `messages`, or each of the `lines` in them.",
            preset = "messages")
        SplitBy split,
    @Key(doc = "Largest event.", preset = "1MiB") ByteSize maxEventBytes,
    @Key(doc = "Largest message, over all of its frames.", preset = "1MiB")
        ByteSize maxMessageBytes,
    @Key(
            doc =
                "Most bytes of events that a client of `sluice.v1` is told it may have under way,"
                    + " sent and not acknowledged.",
            preset = "1MiB")
        ByteSize window,
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
                "How much may come; from whoever sends more, less is read. Without it, as much as"
                    + " the stream takes.")
        Optional<QuotaConfig> quota,
    @Key(
            doc =
                "When a connection is closed on which nothing came or went; also the longest the"
                    + " head of a handshake may take. Pings keep a connection open.",
            preset = "10s")
        Duration idleTimeout,
    @Key(
            doc = "When a client is pinged that has said nothing; at most half of idleTimeout.",
            preset = "5s")
        Duration pingAfter,
    @Key(doc = "When a client counts as gone that does not even answer pings.", preset = "30s")
        Duration silentAfter,
    @Key(doc = "Longest a message may take, from its first frame to its last.", preset = "30s")
        Duration messageWithin,
    @Key(
            doc =
                "Longest wait for room in the stream before a connection is closed, to try later.",
            preset = "1m")
        Duration roomWithin,
    @Key(doc = "Longest a client may take to receive what is sent to it.", preset = "10s")
        Duration flushWithin) {
  public WebSocketSourceConfig {
    Check.guarded(listen, auth);
    Auth.check(auth, Carrier.HEAD, tls.map(TlsConfig::asksForCertificates).orElse(false));
    Check.that(
        accept != Accept.CLOUDEVENTS || split == SplitBy.MESSAGES,
        "split",
        "must be messages where they are CloudEvents");
    Check.that(
        path.startsWith("/") && path.indexOf('?') < 0 && path.indexOf('#') < 0,
        "path",
        "must begin with a slash and have neither ? nor #");
    Check.that(
        path.equals(Paths.normal(path)),
        "path",
        "must be written without percent encodings and dot segments, as clients' paths are"
            + " compared with it when theirs are undone");
    for (int i = 0; i < origins.size(); i++) {
      Check.that(
          origins.get(i).equals("*") || origins.get(i).matches("[a-z][a-z0-9+.-]*://[^/?#]+"),
          "origins/" + i,
          "must be * or look like https://app.example.com");
    }
    origins = List.copyOf(origins);
    Check.that(maxEventBytes.bytes() > 0, "maxEventBytes", "must be positive");
    Check.that(
        maxMessageBytes.bytes() > 0 && maxMessageBytes.bytes() <= 1 << 30,
        "maxMessageBytes",
        "must be positive and at most 1GiB");
    Check.that(
        maxEventBytes.compareTo(maxMessageBytes) <= 0,
        "maxEventBytes",
        "must not be more than maxMessageBytes");
    Check.that(
        window.bytes() > 0 && window.bytes() <= 1 << 30,
        "window",
        "must be positive and at most 1GiB");
    Check.that(maxConnections > 0, "maxConnections", "must be positive");
    Check.that(maxConnectionsPerAddress > 0, "maxConnectionsPerAddress", "must be positive");
    Check.that(positive(idleTimeout), "idleTimeout", "must be positive");
    Check.that(positive(pingAfter), "pingAfter", "must be positive");
    Check.that(
        pingAfter.multipliedBy(2).compareTo(idleTimeout) <= 0,
        "pingAfter",
        "must be at most half of idleTimeout");
    Check.that(silentAfter.compareTo(pingAfter) > 0, "silentAfter", "must be more than pingAfter");
    Check.that(positive(messageWithin), "messageWithin", "must be positive");
    Check.that(positive(roomWithin), "roomWithin", "must be positive");
    Check.that(positive(flushWithin), "flushWithin", "must be positive");
  }

  /** What sources on one address have to agree on. */
  ListenerSettings listener() {
    return new ListenerSettings(
        maxConnections, maxConnectionsPerAddress, idleTimeout, flushWithin, proxyProtocol, tls);
  }

  private static boolean positive(Duration duration) {
    return !duration.isNegative() && !duration.isZero();
  }
}
