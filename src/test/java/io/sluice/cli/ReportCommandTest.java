package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.harness.FreePorts;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class ReportCommandTest {
  private static final String REPORT =
      """
      {"at": "2026-05-01T12:00:00.123Z", "sources": [
        {"name": "hook", "type": "http", "direction": "push", "to": "events",
         "since": "2026-05-01T10:00:00Z", "seconds": 7200.0, "events": 12000, "bytes": 99,
         "duplicates": 3, "freshnessSeconds": {"mean": 0.1, "p50": 0.012, "p99": 1.5},
         "advice": "Nothing stands out."},
        {"name": "orders", "type": "http-poll", "direction": "pull", "to": "events",
         "since": "2026-05-01T11:00:00Z", "seconds": 3600.0, "events": 10, "bytes": 99,
         "duplicates": 0,
         "polls": {"answered": 40, "empty": 30, "more": 0, "failed": 0, "requests": 45,
                   "receivedBytes": 1500000, "emptyShare": 0.75, "requestsPerNewEvent": 4.5,
                   "requestsPerHour": 45.0, "receivedBytesPerHour": 1500000,
                   "secondsPerHour": 9.0},
         "before": {"since": "2026-05-01T10:00:00Z", "seconds": 3600.0, "events": 1, "bytes": 9,
                    "duplicates": 0, "polls": {"requests": 3600, "requestsPerNewEvent": 3600.0}},
         "advice": "Poll \\u001b[2J less."}]}
      """;

  private final Vertx vertx = Vertx.vertx();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @AfterEach
  void close() throws Exception {
    vertx.close().await(20, TimeUnit.SECONDS);
  }

  private int run(String... words) {
    return new CommandLine(new ReportCommand(() -> vertx))
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(words);
  }

  private String serve(int status, String body) throws Exception {
    int port =
        vertx
            .createHttpServer()
            .requestHandler(
                request ->
                    request
                        .response()
                        .setStatusCode(
                            request.path().equals("/api/v1/report")
                                    && ("sesame".equals(request.getHeader("x-key"))
                                        || status != 401)
                                ? status == 401 ? 200 : status
                                : status == 401 ? 401 : 404)
                        .end(body))
            .listen(0, "127.0.0.1")
            .await(20, TimeUnit.SECONDS)
            .actualPort();
    return "http://127.0.0.1:" + port;
  }

  @Test
  void showsARowForEachSourceAndItsAdviceBelow() throws Exception {
    assertThat(run("--admin", serve(200, REPORT) + "/")).isZero();

    List<List<String>> cells = new ArrayList<>();
    out.toString().lines().forEach(line -> cells.add(List.of(line.strip().split(" {2,}"))));
    assertThat(cells.get(1))
        .containsExactly(
            "hook", "push", "2 h", "12,000", "3", "12 ms", "1.5 s", "-", "-", "-", "-", "-", "-",
            "-", "-");
    assertThat(cells.get(2)).containsExactly("Nothing stands out.");
    assertThat(cells.get(3))
        .containsExactly(
            "orders", "pull", "60 min", "10", "0", "-", "-", "40", "75 %", "45", "4.5", "45.0",
            "1.5", "9.0", "-");
    assertThat(cells.get(4)).startsWith("before", "60 min", "1").contains("3,600.0");
    assertThat(cells.get(5)).containsExactly("Poll \\u001b[2J less.");
    assertThat(out.toString()).endsWith("at 2026-05-01T12:00:00Z\n");
  }

  @Test
  void printsTheJsonAsItCame() throws Exception {
    assertThat(run("--json", "--admin", serve(200, REPORT))).isZero();

    assertThat(new JsonObject(out.toString())).isEqualTo(new JsonObject(REPORT));
  }

  @Test
  void saysWhoAsksWhereThatIsNeeded() throws Exception {
    String admin = serve(401, REPORT);

    assertThat(run("--admin", admin)).isOne();
    assertThat(err.toString())
        .isEqualTo(
            "sluice: " + admin + " answers 401: it wants to know who asks; say it with --header\n");
    assertThat(run("--admin", admin, "--header", "X-Key: sesame")).isZero();
  }

  @Test
  void whereNoGatewayIsItSaysSoInOneLine() {
    String nobody = "http://127.0.0.1:" + FreePorts.next();

    assertThat(run("--admin", nobody)).isOne();
    assertThat(err.toString()).startsWith("sluice: no gateway answers at " + nobody + ": ");
    assertThat(err.toString().lines()).hasSize(1);
  }

  @Test
  void whereSomethingElseAnswersItSaysSoInOneLine() throws Exception {
    for (String body :
        List.of(
            "<html>",
            "[1]",
            "",
            "{}",
            "{\"sources\": [3]}",
            "{\"sources\": 3}",
            "{\"at\": \"2026-05-01T12:00:00Z\", \"sources\": [null]}",
            "{\"at\": \"2026-05-01T12:00:00Z\", \"sources\": [{}]}",
            "{\"at\": \"2026-05-01T12:00:00Z\", \"sources\": [{\"name\": \"a\", \"polls\": 3}]}",
            "{\"at\": \"now\", \"sources\": []}")) {
      assertThat(run("--admin", serve(200, body))).as(body).isOne();
    }
    assertThat(run("--admin", serve(503, "{\"detail\": \"No\\u0007.\"}"))).isOne();

    assertThat(err.toString().lines())
        .hasSize(11)
        .allMatch(line -> line.startsWith("sluice: "))
        .anyMatch(line -> line.endsWith("but not as the admin listener of a gateway does"))
        .anyMatch(line -> line.endsWith("answers 503: No\\u0007."));
  }

  @Test
  void anAddressThatIsNoneIsWrongUsage() {
    assertThat(run("--admin", "127.0.0.1:9090")).isEqualTo(2);
    assertThat(run("--admin", "tcp://127.0.0.1:9090")).isEqualTo(2);
    assertThat(run("--header", "nonsense")).isEqualTo(2);
  }
}
