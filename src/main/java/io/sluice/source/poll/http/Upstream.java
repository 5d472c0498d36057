package io.sluice.source.poll.http;

import io.netty.channel.ConnectTimeoutException;
import io.sluice.connector.PollContext;
import io.sluice.connector.PollException;
import io.sluice.net.BadTlsException;
import io.sluice.net.ClientTls;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks hosts, one request at a time. A host is looked up for each request, every address of it is
 * checked, and the connection goes to a checked one, while TLS and {@code Host} have the name.
 * Redirects are answers like others. Confined to the event loop of its poll.
 */
final class Upstream {
  private static final int MAX_ADDRESSES = 3;
  private static final int KEEP_SECONDS = 5;
  private static final int MAX_HEADERS = 64 << 10;

  private final HttpPollConfig config;
  private final PollContext context;
  private final Resolver resolver;
  private @Nullable HttpClient client;
  private @Nullable HttpConnection used;
  private @Nullable Exchange current;
  private boolean closed;

  Upstream(HttpPollConfig config, PollContext context, Resolver resolver) {
    this.config = config;
    this.context = context;
    this.resolver = resolver;
  }

  /** Makes something of an answer, which is paused. */
  @FunctionalInterface
  interface Reading<T> {
    /** Fails unless the answer is read to its end. */
    Future<T> read(HttpClientResponse answer, Exchange exchange);
  }

  /**
   * Stands in line, asks and reads.
   *
   * @param alive told whenever there is progress
   * @return fails with {@link PollException} where the upstream is at fault
   */
  <T> Future<T> ask(Ask ask, Runnable alive, Reading<T> reading) {
    if (closed) {
      return Future.failedFuture(stopped());
    }
    return context
        .turn(Urls.authority(ask.url()))
        .compose(
            turn -> {
              // A tenth before the poll's own time is up, to say what it was that took so long.
              Duration within = config.polling().timeout().multipliedBy(9).dividedBy(10);
              Exchange exchange = new Exchange(context.vertx(), within, alive);
              current = exchange;
              Future<T> read =
                  destinations(ask.url())
                      .compose(addresses -> connect(ask, addresses, exchange))
                      .compose(answer -> reading.read(answered(answer, exchange), exchange));
              return orBroken(read, exchange)
                  .recover(cause -> Future.failedFuture(Faults.connection(cause, ask.url())))
                  .onComplete(
                      done -> {
                        current = null;
                        turn.over(exchange.bytes(), exchange.asked().pause());
                        end(exchange, done);
                      });
            });
  }

  /** What comes first: the result, or the end of patience. */
  private static <T> Future<T> orBroken(Future<T> read, Exchange exchange) {
    Promise<T> first = Promise.promise();
    exchange.broken().onFailure(first::tryFail);
    read.onSuccess(first::tryComplete).onFailure(first::tryFail);
    return first.future();
  }

  private HttpClientResponse answered(HttpClientResponse answer, Exchange exchange) {
    exchange.answered(answer, Pauses.of(answer.headers(), context.clock().instant()));
    return answer;
  }

  private void end(Exchange exchange, AsyncResult<?> done) {
    HttpClientRequest request = exchange.request();
    exchange.end(done.succeeded());
    used = done.succeeded() && request != null ? request.connection() : null;
  }

  /** The addresses of a URL's host, all of them checked. */
  private Future<List<InetAddress>> destinations(URI url) {
    return resolver
        .lookUp(Urls.host(url))
        .timeout(config.connectTimeout().toMillis(), TimeUnit.MILLISECONDS)
        .recover(
            failed ->
                Future.failedFuture(
                    PollException.passing(
                        "dns", "the name of " + Urls.authority(url) + " cannot be looked up")))
        .compose(
            addresses ->
                config.allowPrivate() || addresses.stream().allMatch(Addresses::isPublic)
                    ? Future.succeededFuture(addresses)
                    : Future.failedFuture(
                        PollException.lasting(
                            "private-address",
                            Urls.authority(url)
                                + " has an address that is not public, which needs"
                                + " allowPrivate")));
  }

  private Future<HttpClientResponse> connect(
      Ask ask, List<InetAddress> addresses, Exchange exchange) {
    return client().compose(made -> connect(made, ask, addresses, exchange));
  }

  /** Tries one address after the other. */
  private Future<HttpClientResponse> connect(
      HttpClient made, Ask ask, List<InetAddress> addresses, Exchange exchange) {
    Future<HttpClientRequest> open = made.request(options(ask, addresses.get(0)));
    for (InetAddress other : addresses.subList(1, Math.min(MAX_ADDRESSES, addresses.size()))) {
      open =
          open.recover(
              failed ->
                  unreachable(failed)
                      ? made.request(options(ask, other))
                      : Future.failedFuture(failed));
    }
    return open.compose(
        request -> {
          exchange.sends(request);
          boolean again = request.connection() == used;
          return send(request, ask)
              .recover(
                  failed ->
                      again && Faults.isLost(failed) && !exchange.isOver()
                          ? anew(made, ask, addresses, exchange)
                          : Future.failedFuture(failed));
        });
  }

  /** A connection that was kept may have been closed from the other side just now. */
  private Future<HttpClientResponse> anew(
      HttpClient made, Ask ask, List<InetAddress> addresses, Exchange exchange) {
    used = null;
    return connect(made, ask, addresses, exchange);
  }

  private static boolean unreachable(Throwable failed) {
    return failed instanceof ConnectException || failed instanceof ConnectTimeoutException;
  }

  private static Future<HttpClientResponse> send(HttpClientRequest request, Ask ask) {
    Future<HttpClientResponse> answer =
        ask.body().isPresent() ? request.send(ask.body().get()) : request.send();
    // Whoever reads on says what becomes of a reset; one of ours is no news.
    return answer.map(head -> head.exceptionHandler(reset -> {}).pause());
  }

  private RequestOptions options(Ask ask, InetAddress address) {
    URI url = ask.url();
    return new RequestOptions()
        .setMethod(ask.method())
        .setServer(SocketAddress.inetSocketAddress(Urls.port(url), address.getHostAddress()))
        .setHost(Urls.host(url))
        .setPort(Urls.port(url))
        .setSsl(Urls.secure(url))
        .setURI(Urls.target(url))
        .setFollowRedirects(false)
        .setConnectTimeout(config.connectTimeout().toMillis())
        .setHeaders(ask.headers());
  }

  private Future<HttpClient> client() {
    HttpClient there = client;
    if (there != null) {
      return Future.succeededFuture(there);
    }
    return tls()
        .compose(
            tls -> {
              if (closed) {
                return Future.failedFuture(stopped());
              }
              long within = config.connectTimeout().toMillis();
              HttpClientOptions options =
                  new HttpClientOptions()
                      .setConnectTimeout((int) within)
                      .setKeepAliveTimeout(KEEP_SECONDS)
                      .setMaxHeaderSize(MAX_HEADERS);
              options
                  .setSslHandshakeTimeout(within)
                  .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
              HttpClient made =
                  context
                      .vertx()
                      .httpClientBuilder()
                      .with(tls.secure(options))
                      .with(new PoolOptions().setHttp1MaxSize(2))
                      // The request that it breaks fails, too, and is the one to tell.
                      .withConnectHandler(connection -> connection.exceptionHandler(broken -> {}))
                      .build();
              client = made;
              return Future.succeededFuture(made);
            });
  }

  private Future<ClientTls> tls() {
    return config.tls().isEmpty()
        ? Future.succeededFuture(ClientTls.DEFAULT)
        : context
            .vertx()
            .executeBlocking(() -> config.tls().get().read())
            .recover(
                failed ->
                    Future.failedFuture(
                        failed instanceof BadTlsException
                            ? PollException.lasting(
                                "tls-files", String.valueOf(failed.getMessage()))
                            : failed));
  }

  private static PollException stopped() {
    return PollException.passing("stopped", "the poll was told to end");
  }

  /** Has the files of TLS read again before the next request. */
  Future<Void> refresh() {
    HttpClient there = client;
    client = null;
    return there == null ? Future.succeededFuture() : there.close();
  }

  /** Ends a request that is under way, and lets go. */
  Future<Void> close() {
    closed = true;
    Exchange open = current;
    if (open != null) {
      open.fail(stopped());
    }
    return refresh();
  }
}
