package io.sluice.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.harness.FreePorts;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.junit5.VertxExtension;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@ExtendWith(VertxExtension.class)
class SendCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Queue<String> lines = new ConcurrentLinkedQueue<>();
  private final AtomicInteger requests = new AtomicInteger();
  @TempDir Path directory;

  @Test
  void sendsEveryLineOfAFileOnce(Vertx vertx) throws Exception {
    List<String> sent = IntStream.range(0, 10_000).mapToObj(i -> "{\"id\":" + i + "}").toList();
    Path file = Files.write(directory.resolve("events.ndjson"), sent);

    int exit = run(vertx, "", "--to", serve(vertx, this::keep), "--batch", "300", file.toString());

    assertThat(exit).isZero();
    assertThat(lines).containsExactlyInAnyOrderElementsOf(sent);
    assertThat(requests).hasValue(34);
    assertThat(out.toString())
        .contains("sent 10,000 events in 34 requests")
        .contains("accepted 10,000, duplicates 0, rejected 0, failed 0, retries 0");
  }

  @Test
  void sendsStandardInput(Vertx vertx) throws Exception {
    assertThat(run(vertx, "a\nb\n", "--to", serve(vertx, this::keep), "--type", "text/plain"))
        .isZero();
    assertThat(lines).containsExactly("a", "b");
    assertThat(run(vertx, "c", "--to", serve(vertx, this::keep), "-")).isZero();
    assertThat(lines).containsExactly("a", "b", "c");
  }

  @Test
  void saysWhatItPrefers(Vertx vertx) throws Exception {
    Map<String, String> seen = new ConcurrentHashMap<>();
    String url =
        serve(
            vertx,
            request -> {
              request.headers().forEach(seen::put);
              request.response().setStatusCode(202).end();
            });

    run(vertx, "a\n", "--to", url, "--ack", "delivered", "--header", "X-Api-Key: k");

    assertThat(seen)
        .containsEntry("Prefer", "handling=lenient, ack=delivered")
        .containsEntry("Content-Type", "application/x-ndjson")
        .containsEntry("X-Api-Key", "k")
        .containsKey("Idempotency-Key");
  }

  @Test
  void triesAgainWithTheSameKeyAndBodyWhenToldTo(Vertx vertx) throws Exception {
    Queue<String> keys = new ConcurrentLinkedQueue<>();
    String url =
        serve(
            vertx,
            request -> {
              keys.add(request.getHeader("Idempotency-Key"));
              switch (requests.incrementAndGet()) {
                case 1 -> request.response().setStatusCode(503).putHeader("Retry-After", "0").end();
                case 2 -> request.response().setStatusCode(429).end();
                case 3 -> request.connection().close();
                default -> {
                  requests.set(100);
                  keep(request);
                }
              }
            });

    assertThat(run(vertx, "a\nb\n", "--to", url)).isZero();

    assertThat(keys).hasSize(4).containsOnly(keys.element());
    assertThat(lines).containsExactly("a", "b");
    assertThat(out.toString()).contains("accepted 2,").contains("retries 3");
  }

  @Test
  void waitsAsLongAsRetryAfterSays(Vertx vertx) throws Exception {
    Queue<Long> times = new ConcurrentLinkedQueue<>();
    String url =
        serve(
            vertx,
            request -> {
              times.add(System.nanoTime());
              if (times.size() == 1) {
                request.response().setStatusCode(503).putHeader("Retry-After", "1").end();
              } else {
                keep(request);
              }
            });

    assertThat(run(vertx, "a\n", "--to", url)).isZero();

    List<Long> moments = List.copyOf(times);
    assertThat(moments.get(1) - moments.get(0)).isGreaterThan(1_000_000_000L);
  }

  @Test
  void namesRejectedLinesByTheirNumberInTheFile(Vertx vertx) throws Exception {
    String url =
        serve(
            vertx,
            request ->
                request
                    .response()
                    .setStatusCode(202)
                    .end(
                        "{\"accepted\":1,\"rejected\":"
                            + "[{\"index\":1,\"line\":2,\"detail\":\"not JSON\"}]}"));
    Path file = Files.writeString(directory.resolve("f"), "1\n!\n3\n!\n");

    assertThat(run(vertx, "", "--to", url, "--batch", "2", file.toString())).isOne();

    assertThat(err.toString().lines())
        .containsExactlyInAnyOrder("line 2: not JSON", "line 4: not JSON");
    assertThat(out.toString()).contains("accepted 2, duplicates 0, rejected 2");
  }

  @Test
  void stopsWhenNoRequestCanSucceed(Vertx vertx) throws Exception {
    String url =
        serve(
            vertx,
            request -> {
              requests.incrementAndGet();
              request.response().setStatusCode(401).end("{\"title\":\"Who are you?\"}");
            });
    Path file =
        Files.write(
            directory.resolve("f"), IntStream.range(0, 1000).mapToObj(i -> "x" + i).toList());

    int exit = run(vertx, "", "--to", url, "--batch", "1", "--connections", "2", file.toString());

    assertThat(exit).isOne();
    assertThat(requests.get()).isLessThan(10);
    assertThat(err.toString()).contains("ended early: " + url + ": status 401, Who are you?");
  }

  @Test
  void givesUpOnAServerThatIsNotThere(Vertx vertx) {
    int port = FreePorts.next();

    assertThat(run(vertx, "a\n", "--to", "http://127.0.0.1:" + port, "--retry-for", "300ms"))
        .isOne();

    assertThat(err.toString()).contains("ended early").contains("refused");
    assertThat(out.toString()).contains("failed 1");
  }

  @Test
  void exits2OnWrongUsage(Vertx vertx) {
    assertThat(run(vertx, "", directory.resolve("none").toString())).isEqualTo(2);
    assertThat(err.toString()).contains("no readable file");
    assertThat(run(vertx, "", "--to", "nowhere")).isEqualTo(2);
    assertThat(run(vertx, "", "--ack", "maybe")).isEqualTo(2);
    assertThat(run(vertx, "", "--batch", "0")).isEqualTo(2);
    assertThat(run(vertx, "", "--batch-bytes", "many")).isEqualTo(2);
    assertThat(run(vertx, "", "--header", "nonsense")).isEqualTo(2);
  }

  @Test
  void drawsABarWhenAsked(Vertx vertx) throws Exception {
    Path file = Files.writeString(directory.resolve("f"), "1\n");
    String url =
        serve(
            vertx,
            request -> vertx.setTimer(600, late -> request.response().setStatusCode(202).end()));

    assertThat(run(vertx, "", "--progress", "--to", url, file.toString())).isZero();

    assertThat(err.toString()).contains("[##############################] 100 %");
  }

  private int run(Vertx vertx, String input, String... args) {
    return new CommandLine(
            new SendCommand(() -> vertx, new ByteArrayInputStream(input.getBytes(UTF_8))))
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }

  private void keep(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body -> {
              requests.incrementAndGet();
              lines.addAll(body.toString().lines().toList());
              request.response().setStatusCode(202).end();
            });
  }

  private static String serve(Vertx vertx, Handler<HttpServerRequest> handler) throws Exception {
    int port =
        vertx
            .createHttpServer()
            .requestHandler(handler)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get()
            .actualPort();
    return "http://127.0.0.1:" + port + "/v1/events";
  }
}
