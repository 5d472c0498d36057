package io.sluice.source.tcp;

import io.sluice.auth.Auth;
import io.sluice.auth.Carrier;
import io.sluice.auth.QuotaConfig;
import io.sluice.config.ByteSize;
import io.sluice.config.Check;
import io.sluice.config.HostPort;
import io.sluice.config.Key;
import io.sluice.event.Ack;
import io.sluice.net.ProxyProtocol;
import io.sluice.net.TcpSettings;
import io.sluice.net.TlsConfig;
import java.time.Duration;
import java.util.Optional;

/** What an operator says of a TCP source. */
public record TcpSourceConfig(
    @Key(doc = "Address to listen on; shared with no other source.") HostPort listen,
    @Key(doc = "How records are told apart.", preset = "newline") FramingKind framing,
    @Key(doc = "The length in front of each record, where framing is length.") LengthPrefix length,
    @Key(
            doc =
                "How clients prove who they are: mtls, or none; needed unless the address is a"
                    + " loopback one.")
        Optional<Auth> auth,
    @Key(doc = "TLS. Without it, none.") Optional<TlsConfig> tls,
    @Key(doc = "Proxies in front that say for whom they connect.")
        Optional<ProxyProtocol> proxyProtocol,
    @Key(doc = "Which records are taken.", preset = "any") Accept accept,
    @Key(
            doc = "Whether records that need not be JSON have to be UTF-8 without NUL.",
            preset = "bytes")
        Charset charset,
    @Key(doc = "Largest event.", preset = "1MiB") ByteSize maxEventBytes,
    @Key(
            doc =
                "What happens when a frame is too long or broken, or the record in it is not what"
                    + " is taken. One that is passed over is counted and logged.",
            preset = "close")
        OnBadFrame onBadFrame,
    @Key(
            doc =
                "What becomes of a last line without an end, where framing is newline: dropped, or"
                    + " taken.",
            preset = "drop")
        LastLine lastLine,
    @Key(
            doc =
                "Whether clients are told how many of the connection's events are kept: a decimal"
                    + " line whenever the number grows.",
            preset = "false")
        boolean receipts,
    @Key(doc = "What has to be true of an event before it counts as kept.", preset = "stored")
        Ack ack,
    @Key(doc = "Most connections.", preset = "10000") int maxConnections,
    @Key(
            doc =
                "Most connections from one client address; the addresses of an IPv6 /64 count as"
                    + " one.",
            preset = "1000")
        int maxConnectionsPerAddress,
    @Key(
            doc =
                "How much may come; from whoever sends more, less is read. Without it, as much as"
                    + " the stream takes.")
        Optional<QuotaConfig> quota,
    @Key(doc = "When a connection is closed on which nothing came.", preset = "10m")
        Duration idleTimeout,
    @Key(
            doc =
                "Longest a record may take to arrive. While the stream has no room, the time of"
                    + " one of less than 4KiB stands still.",
            preset = "30s")
        Duration recordWithin) {
  public TcpSourceConfig {
    Check.guarded(listen, auth);
    Auth.check(auth, Carrier.CONNECTION, tls.map(TlsConfig::asksForCertificates).orElse(false));
    Check.that(
        maxEventBytes.bytes() > 0 && maxEventBytes.bytes() <= 1 << 28,
        "maxEventBytes",
        "must be positive and at most 256MiB");
    Check.that(
        !receipts || onBadFrame == OnBadFrame.CLOSE,
        "onBadFrame",
        "must be close where there are receipts: their number would not say which were left out");
    Check.that(maxConnections > 0, "maxConnections", "must be positive");
    Check.that(maxConnectionsPerAddress > 0, "maxConnectionsPerAddress", "must be positive");
    Check.that(positive(idleTimeout), "idleTimeout", "must be positive");
    Check.that(positive(recordWithin), "recordWithin", "must be positive");
  }

  private static boolean positive(Duration duration) {
    return !duration.isNegative() && !duration.isZero();
  }

  /** How its connections are taken. */
  TcpSettings listener() {
    return new TcpSettings(maxConnections, maxConnectionsPerAddress, proxyProtocol, tls);
  }

  int maxBytes() {
    return (int) maxEventBytes.bytes();
  }

  /** Whether lines for humans may be sent: to clients that expect numbers, or speak in text. */
  boolean speaks() {
    return receipts || framing != FramingKind.LENGTH;
  }
}
