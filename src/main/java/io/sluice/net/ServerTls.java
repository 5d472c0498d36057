package io.sluice.net;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.time.Clock;
import java.util.Optional;

/**
 * TLS, if any, of an HTTP/1.1 server that is no listener of sources. Certificates that are replaced
 * on disk are taken up while it runs. Confined to the event loop that makes it.
 */
public final class ServerTls {
  private final Optional<Certificates> certificates;

  /**
   * TLS of one server.
   *
   * @param listen its address, for logs
   */
  public ServerTls(Vertx vertx, String listen, Optional<TlsConfig> config) {
    certificates = config.map(tls -> new Certificates(vertx, listen, tls, Clock.systemUTC()));
  }

  /**
   * Adds it to what the server is to be made with.
   *
   * @return the same options; fails with a {@link BadTlsException} when the files cannot be used
   */
  public Future<HttpServerOptions> applyTo(HttpServerOptions options) {
    return certificates
        .map(
            files ->
                files
                    .load()
                    .map(
                        material -> {
                          material.applyTo(options, false);
                          return options;
                        }))
        .orElseGet(() -> Future.succeededFuture(options));
  }

  /**
   * Reads the files for a server that listens with others.
   *
   * @return makes the server go over to them, for connections made from then on, and follow them;
   *     fails with a {@link BadTlsException} when they cannot be used
   */
  public Future<Runnable> prepare(HttpServer server) {
    return certificates
        .map(
            files ->
                files
                    .load()
                    .<Runnable>map(
                        material ->
                            () -> {
                              server.updateSSLOptions(material.options(false));
                              keep(server);
                            }))
        .orElseGet(() -> Future.succeededFuture(() -> {}));
  }

  /** The server listens; from now on its certificates follow their files. */
  public void keep(HttpServer server) {
    certificates.ifPresent(
        files -> files.watch(material -> server.updateSSLOptions(material.options(false))));
  }

  /** Looks at the files no more. */
  public void close() {
    certificates.ifPresent(Certificates::close);
  }
}
