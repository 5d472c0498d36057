package io.sluice.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.connector.Source;
import io.sluice.connector.Standing;
import io.sluice.connector.Steering;
import io.sluice.control.ParkedPart;
import io.sluice.control.Reloads;
import io.sluice.report.Report;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SourcePagesTest {
  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = HttpClient.newHttpClient();
  private final Pull pull = new Pull();
  private int port;

  /** A source that remembers what it was told. */
  private static final class Pull implements Source, Steering {
    private volatile String state = "running";
    private volatile Optional<String> why = Optional.empty();

    @Override
    public Future<Void> start() {
      return Future.succeededFuture();
    }

    @Override
    public Future<Void> stop() {
      return Future.succeededFuture();
    }

    @Override
    public Optional<Steering> steering() {
      return Optional.of(this);
    }

    @Override
    public Future<Void> pause() {
      state = "paused";
      return Future.succeededFuture();
    }

    @Override
    public Future<Void> resume() {
      state = "running";
      return Future.succeededFuture();
    }

    @Override
    public Future<Optional<String>> ask() {
      return Future.succeededFuture(why);
    }

    @Override
    public Standing standing() {
      return new Standing(state, Optional.empty(), Optional.empty());
    }
  }

  /** A source that clients push to. */
  private static final class Push implements Source {
    @Override
    public Future<Void> start() {
      return Future.succeededFuture();
    }

    @Override
    public Future<Void> stop() {
      return Future.succeededFuture();
    }
  }

  private final class FakeView implements View {
    private final Map<String, Source> sources = Map.of("orders", pull, "app", new Push());

    @Override
    public Future<List<ParkedPart>> parked() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Future<List<ParkedPart>> retire(
        ParkedPart.Kind kind, String name, Optional<String> stream) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Health started() {
      return Health.WELL;
    }

    @Override
    public Health live() {
      return Health.WELL;
    }

    @Override
    public Health ready() {
      return Health.WELL;
    }

    @Override
    public Topology topology() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Report report() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Reloads.State configuration() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Future<Reloads.Attempt> reload() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Source> source(String name) {
      return Optional.ofNullable(sources.get(name));
    }
  }

  @BeforeEach
  void listen() {
    Router router = Router.router(vertx);
    new SourcePages(new FakeView()).mount(router);
    port =
        vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1").await().actualPort();
  }

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private HttpResponse<String> send(String method, String path, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/sources" + path))
            .method(method, BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private static String code(HttpResponse<String> answer) {
    return new JsonObject(answer.body()).getString("code");
  }

  @Test
  void pausesAndResumesASource() throws Exception {
    HttpResponse<String> paused = send("POST", "/orders/pause");
    assertThat(paused.statusCode()).isEqualTo(200);
    assertThat(new JsonObject(paused.body()).getString("state")).isEqualTo("paused");

    assertThat(send("POST", "/orders/resume").body()).contains("running");
  }

  @Test
  void pollsNowOrSaysWhyNot() throws Exception {
    assertThat(send("POST", "/orders/poll").statusCode()).isEqualTo(202);

    pull.why = Optional.of("a poll is under way");
    HttpResponse<String> busy = send("POST", "/orders/poll");
    assertThat(busy.statusCode()).isEqualTo(409);
    assertThat(busy.body()).contains("Not polled: a poll is under way.");
  }

  @Test
  void saysWhatCannotBeSteered() throws Exception {
    assertThat(send("POST", "/app/pause").statusCode()).isEqualTo(409);
    assertThat(code(send("POST", "/app/pause"))).isEqualTo("push-source");
    assertThat(send("POST", "/nobody/pause").statusCode()).isEqualTo(404);
    assertThat(send("POST", "/orders/explode").statusCode()).isEqualTo(404);
  }

  @Test
  void changesNothingForARead() throws Exception {
    HttpResponse<String> read = send("GET", "/orders/pause");

    assertThat(read.statusCode()).isEqualTo(405);
    assertThat(read.headers().firstValue("allow")).contains("POST");
    assertThat(pull.state).isEqualTo("running");
  }

  @Test
  void takesNothingFromAWebPage() throws Exception {
    HttpResponse<String> foreign = send("POST", "/orders/pause", "Origin", "https://evil.example");

    assertThat(foreign.statusCode()).isEqualTo(403);
    assertThat(pull.state).isEqualTo("running");
  }
}
