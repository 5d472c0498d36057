package io.sluice.replica;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.config.Environment;
import io.sluice.net.BadTlsException;
import io.sluice.net.ClientTls;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Leases of the Kubernetes API, in one namespace. The service account's files are read when they
 * are needed, the token again and again, because Kubernetes changes it. Confined to the event loop
 * of its first use, {@link #close} excepted.
 */
public final class KubernetesApi {
  private static final Path NAMESPACE = Path.of(KubernetesConfig.ACCOUNT + "namespace");
  private static final long TOKEN_LASTS = Duration.ofMinutes(1).toNanos();
  private static final int CONNECTIONS = 4;
  private static final int LARGEST = 64 << 20;

  private final Vertx vertx;
  private final KubernetesConfig config;
  private final KubernetesConfig.At at;
  private final Turns turns;
  private final KubernetesTelemetry telemetry;
  private volatile @Nullable Future<Access> access;
  private volatile boolean closed;
  private @Nullable String token;
  private long tokenRead;

  private record Access(HttpClient client, String namespace) {}

  /**
   * What is wanted of the API.
   *
   * @param name of one Lease; empty for all of the namespace, or a new one
   * @param query after the path, escaped
   * @param urgent whether it is a sign of life, which does not stand in line
   */
  public record Ask(
      HttpMethod method, String name, String query, Optional<Buffer> body, boolean urgent) {
    /** As it stands in a Role. */
    String verb() {
      if (method.equals(HttpMethod.GET)) {
        return name.isEmpty() ? "list" : "get";
      }
      if (method.equals(HttpMethod.POST)) {
        return "create";
      }
      return method.equals(HttpMethod.PUT) ? "update" : "delete";
    }
  }

  /** What the API said: it did it, there is no such Lease, or there is another by now. */
  public record Answer(int status, Buffer body) {
    /** Whether it was done. */
    public boolean done() {
      return status / 100 == 2;
    }

    /** Why not, as the API server says it in its Status; empty when it says nothing. */
    Optional<String> said() {
      return KubernetesStatus.message(body);
    }
  }

  /**
   * The API; nothing is opened yet.
   *
   * @throws IllegalStateException when it is not known where it is
   */
  KubernetesApi(
      Vertx vertx, KubernetesConfig config, Environment environment, MeterRegistry meters) {
    this.vertx = vertx;
    this.config = config;
    this.at =
        config
            .at(environment)
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "KUBERNETES_SERVICE_HOST is not set: this is no pod, and there is no"
                            + " replicas.kubernetes.url"));
    this.turns = new Turns(vertx, config.requestsPerSecond());
    this.telemetry = new KubernetesTelemetry(meters);
  }

  /**
   * Asks, when it is its turn.
   *
   * @return fails with an {@link IOException} when there is no answer that says what became of it:
   *     it may have been done all the same, or be done later
   */
  public Future<Answer> ask(Ask ask) {
    Future<Answer> answer =
        (ask.urgent() ? turns.now() : turns.next()).compose(turn -> asked(ask, false));
    return ask.urgent()
        ? answer.onSuccess(done -> telemetry.reached()).onFailure(telemetry::unreached)
        : answer;
  }

  private Future<Answer> asked(Ask ask, boolean anew) {
    return access()
        .compose(
            there ->
                token(anew)
                    .compose(shown -> exchange(there, ask, shown))
                    .compose(
                        answer ->
                            answer.status() == 401 && !anew
                                ? asked(ask, true)
                                : judged(ask, answer, there.namespace())));
  }

  private Future<Answer> judged(Ask ask, Answer answer, String namespace) {
    int status = answer.status();
    // What is created lacks only its namespace.
    boolean nowhere = status == 404 && ask.method().equals(HttpMethod.POST);
    if (answer.done() || status == 409 || (status == 404 && !nowhere)) {
      return Future.succeededFuture(answer);
    }
    if (status == 403) {
      telemetry.forbidden(ask.verb(), namespace);
    }
    String what =
        switch (status) {
          case 401 ->
              "the API server answered 401: it does not take the token in " + config.token();
          case 403 ->
              "the service account may not "
                  + ask.verb()
                  + " leases.coordination.k8s.io in the namespace "
                  + namespace;
          case 404 -> "the API server knows no namespace " + namespace;
          default -> "the API server answered " + status;
        };
    return Future.failedFuture(
        new IOException(answer.said().map(said -> what + "; it says: " + said).orElse(what)));
  }

  private Future<Answer> exchange(Access there, Ask ask, String shown) {
    long begun = System.nanoTime();
    RequestOptions options =
        new RequestOptions()
            .setMethod(ask.method())
            .setURI(path(there, ask))
            .setConnectTimeout(config.timeout().toMillis())
            .putHeader("authorization", "Bearer " + shown)
            .putHeader("accept", "application/json")
            .putHeader("user-agent", "sluice");
    if (ask.body().isPresent()) {
      options.putHeader("content-type", "application/json");
    }
    Future<HttpClientRequest> open = there.client().request(options);
    return open.compose(request -> ask.body().map(request::send).orElseGet(request::send))
        .compose(this::read)
        .timeout(config.timeout().toMillis(), TimeUnit.MILLISECONDS)
        .onSuccess(answer -> telemetry.asked(outcome(answer), System.nanoTime() - begun))
        .recover(
            failure -> {
              open.onSuccess(HttpClientRequest::reset);
              return failed(failure, begun);
            });
  }

  private static String path(Access there, Ask ask) {
    String all = "/apis/coordination.k8s.io/v1/namespaces/" + there.namespace() + "/leases";
    String one = ask.name().isEmpty() ? all : all + "/" + ask.name();
    return ask.query().isEmpty() ? one : one + "?" + ask.query();
  }

  private Future<Answer> read(HttpClientResponse response) {
    // A reset of ours is no news.
    response.exceptionHandler(reset -> {});
    int status = response.statusCode();
    if (status == 429 || status >= 500) {
      turns.failed();
      rest(response.getHeader("retry-after"));
    } else {
      turns.answered();
    }
    Buffer all = Buffer.buffer();
    return response
        .handler(
            chunk -> {
              all.appendBuffer(chunk);
              if (all.length() > LARGEST) {
                response.request().reset();
              }
            })
        .end()
        .map(end -> new Answer(status, all));
  }

  private void rest(@Nullable String seconds) {
    // The API server says seconds, never a date.
    if (seconds != null && seconds.matches("\\d{1,9}")) {
      turns.rest(Duration.ofSeconds(Long.parseLong(seconds)));
    }
  }

  private Future<Answer> failed(Throwable failure, long begun) {
    boolean late = failure instanceof TimeoutException;
    telemetry.asked(late ? "late" : "failed", System.nanoTime() - begun);
    turns.failed();
    if (failure instanceof SSLException) {
      // The authorities may have changed.
      forget();
    }
    return Future.failedFuture(
        new IOException(
            late
                ? "the API server did not answer within " + config.timeout()
                : "the API server cannot be asked: " + failure.getMessage(),
            failure));
  }

  private static String outcome(Answer answer) {
    if (answer.done()) {
      return "answered";
    }
    return switch (answer.status()) {
      case 404, 409 -> "conflict";
      case 429 -> "put-off";
      default -> answer.status() >= 500 ? "failed" : "refused";
    };
  }

  private Future<String> token(boolean anew) {
    String known = token;
    if (known != null && !anew && System.nanoTime() - tokenRead < TOKEN_LASTS) {
      return Future.succeededFuture(known);
    }
    return vertx
        .fileSystem()
        .readFile(config.token().toString())
        .recover(failure -> unread("token", config.token(), failure))
        .compose(
            content -> {
              String read = content.toString(StandardCharsets.UTF_8).strip();
              if (read.isEmpty()) {
                // With it, the API server would take the gateway for an unknown user.
                return Future.failedFuture(
                    new IOException(
                        "the service account's token in " + config.token() + " is empty"));
              }
              token = read;
              tokenRead = System.nanoTime();
              return Future.succeededFuture(read);
            });
  }

  private static <T> Future<T> unread(String what, Path file, Throwable failure) {
    return Future.failedFuture(
        new IOException("the service account's " + what + " in " + file + " is missing", failure));
  }

  private Future<Access> access() {
    Future<Access> there = access;
    if (closed) {
      return Future.failedFuture(new IOException("the gateway ends"));
    }
    if (there != null && !there.failed()) {
      return there;
    }
    Future<Access> made =
        namespace().compose(name -> client().map(client -> new Access(client, name)));
    access = made;
    return made;
  }

  private Future<String> namespace() {
    return config
        .namespace()
        .map(Future::succeededFuture)
        .orElseGet(
            () ->
                vertx
                    .fileSystem()
                    .readFile(NAMESPACE.toString())
                    .map(content -> content.toString(StandardCharsets.UTF_8).strip())
                    .recover(failure -> unread("namespace", NAMESPACE, failure)));
  }

  private Future<HttpClient> client() {
    return vertx
        .executeBlocking(() -> ClientTls.read(Optional.of(config.ca()), Optional.empty()))
        .recover(
            bad ->
                Future.failedFuture(
                    bad instanceof BadTlsException ? new IOException(bad.getMessage(), bad) : bad))
        .map(
            tls -> {
              int within = (int) config.timeout().toMillis();
              HttpClientOptions options =
                  tls.secure(new HttpClientOptions())
                      .setDefaultHost(at.host())
                      .setDefaultPort(at.port())
                      .setConnectTimeout(within)
                      .setDecompressionSupported(true);
              options
                  .setSslHandshakeTimeout(within)
                  .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
              return vertx
                  .httpClientBuilder()
                  .with(options)
                  .with(new PoolOptions().setHttp1MaxSize(CONNECTIONS))
                  // The request that it breaks fails, too, and is the one to tell.
                  .withConnectHandler(connection -> connection.exceptionHandler(broken -> {}))
                  .build();
            });
  }

  private Future<Void> forget() {
    Future<Access> there = access;
    access = null;
    return there == null
        ? Future.succeededFuture()
        : there.compose(opened -> opened.client().close()).otherwiseEmpty();
  }

  /** Closes every connection. Legal twice; never fails. */
  public Future<Void> close() {
    closed = true;
    return forget();
  }
}
