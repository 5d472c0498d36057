package io.sluice.auth;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocketHandshake;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * What is known of somebody who connects before anything of a body is read.
 *
 * @param headers the head of the request or handshake; empty where the protocol has none
 * @param address the client's IP address, or a word for all clients of a local socket
 * @param session the TLS session, null without TLS
 */
public record Caller(MultiMap headers, String address, @Nullable SSLSession session) {
  private static final MultiMap NONE = MultiMap.caseInsensitiveMultiMap();

  public static Caller of(HttpServerRequest request) {
    return new Caller(
        request.headers(), address(request.remoteAddress()), request.connection().sslSession());
  }

  /** Whoever wants to speak WebSocket; to be judged before the 101. */
  public static Caller of(ServerWebSocketHandshake handshake) {
    return new Caller(
        handshake.headers(), address(handshake.remoteAddress()), handshake.sslSession());
  }

  /** Whoever connected; nothing can be proved here but a certificate. */
  public static Caller of(NetSocket socket) {
    return new Caller(NONE, address(socket.remoteAddress()), socket.sslSession());
  }

  private static String address(@Nullable SocketAddress remote) {
    String address = remote == null ? null : remote.hostAddress();
    return address == null ? "local" : address;
  }

  /** The certificate the client proved to hold, already checked against the trusted authorities. */
  Optional<X509Certificate> certificate() {
    if (session == null) {
      return Optional.empty();
    }
    try {
      Certificate[] chain = session.getPeerCertificates();
      return chain.length > 0 && chain[0] instanceof X509Certificate leaf
          ? Optional.of(leaf)
          : Optional.empty();
    } catch (SSLPeerUnverifiedException none) {
      return Optional.empty();
    }
  }
}
