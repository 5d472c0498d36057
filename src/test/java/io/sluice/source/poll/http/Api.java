package io.sluice.source.poll.http;

import io.sluice.harness.Loop;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** An HTTP server that answers as a test says, and remembers what it was asked. */
final class Api {
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final HttpServer server;
  private volatile Consumer<HttpServerRequest> answer;

  /** A request that came whole. */
  record Asked(String method, String uri, Map<String, String> headers, String body) {
    String header(String name) {
      return headers.get(name);
    }
  }

  Api(Vertx vertx, HttpServerOptions options, Consumer<HttpServerRequest> answer) {
    this.answer = answer;
    this.server =
        Loop.wait(
            vertx
                .createHttpServer(options)
                .requestHandler(
                    request ->
                        request
                            .body()
                            .onSuccess(
                                body -> {
                                  keep(request, body);
                                  this.answer.accept(request);
                                }))
                .listen(0, "127.0.0.1"));
  }

  static Api of(Vertx vertx, Consumer<HttpServerRequest> answer) {
    return new Api(vertx, new HttpServerOptions(), answer);
  }

  /** Answers every request with JSON. */
  static Api json(Vertx vertx, String body) {
    return of(vertx, request -> json(request, body));
  }

  static void json(HttpServerRequest request, String body) {
    request.response().putHeader("content-type", "application/json").end(body);
  }

  private void keep(HttpServerRequest request, Buffer body) {
    Map<String, String> headers = new java.util.TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    request.headers().forEach(headers::put);
    asked.add(new Asked(request.method().name(), request.uri(), headers, body.toString()));
  }

  /** Answers otherwise from now on. */
  void answering(Consumer<HttpServerRequest> otherwise) {
    answer = otherwise;
  }

  int port() {
    return server.actualPort();
  }

  List<Asked> asked() {
    return List.copyOf(asked);
  }

  List<String> uris() {
    return asked.stream().map(Asked::uri).toList();
  }

  Asked last() {
    return asked.get(asked.size() - 1);
  }
}
