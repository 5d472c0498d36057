package io.sluice.cli.send;

import io.sluice.cli.target.Target;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.time.Duration;
import java.util.Random;
import java.util.UUID;

/**
 * Posts chunks, each until it is answered for good or its time is over.
 *
 * <p>All attempts at a chunk carry one {@code Idempotency-Key}, so that a repetition does not
 * double what got through unseen. Confined to the event loop of the context it is called on.
 */
final class HttpSender implements Sender {
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(60);

  private final Vertx vertx;
  private final WebClient client;
  private final Target to;
  private final MultiMap headers;
  private final Duration retryFor;
  private final String run = UUID.randomUUID().toString();
  private final Random jitter = new Random();

  /**
   * @param headers sent with every request
   * @param connections requests on the way at once; more wait
   * @param retryFor how long after its first attempt a chunk may be tried again
   */
  HttpSender(Vertx vertx, Target to, MultiMap headers, int connections, Duration retryFor) {
    this.vertx = vertx;
    this.to = to;
    this.headers = headers;
    this.retryFor = retryFor;
    WebClientOptions options =
        new WebClientOptions()
            .setUserAgent("sluice-send")
            .setFollowRedirects(false)
            .setConnectTimeout(5_000);
    to.tls().ifPresent(tls -> tls.secure(options));
    this.client = WebClient.create(vertx, options, new PoolOptions().setHttp1MaxSize(connections));
  }

  @Override
  public Future<Result> send(Chunk chunk) {
    return new Posting(vertx, jitter, retryFor, chunk, this::attempt).run();
  }

  @Override
  public void close() {
    client.close();
  }

  private Future<Posting.Response> attempt(Chunk chunk) {
    return client
        .requestAbs(HttpMethod.POST, to.url().toString())
        .putHeaders(headers)
        .putHeader("Idempotency-Key", run + "-" + chunk.number())
        .timeout(ANSWER_WITHIN.toMillis())
        .sendBuffer(chunk.body())
        .map(
            response ->
                new Posting.Response(
                    response.statusCode(), response.getHeader("Retry-After"), response.body()));
  }
}
