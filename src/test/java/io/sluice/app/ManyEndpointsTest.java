package io.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.admin.AdminConfig;
import io.sluice.config.Checked;
import io.sluice.config.Reading;
import io.sluice.connector.Catalog;
import io.sluice.control.Configuration;
import io.sluice.control.ConfigurationModel;
import io.sluice.control.DataDirectory;
import io.sluice.control.Drain;
import io.sluice.control.Gateway;
import io.sluice.control.Plan;
import io.sluice.flow.Flow;
import io.sluice.harness.FreePorts;
import io.sluice.harness.Loop;
import io.sluice.harness.SluiceExtension;
import io.sluice.journal.Journal;
import io.sluice.net.Listeners;
import io.sluice.replica.Replica;
import io.sluice.sink.discard.DiscardSinkFactory;
import io.sluice.source.http.HttpSourceFactory;
import io.sluice.telemetry.Meters;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A thousand endpoints that feed one stream. */
@ExtendWith(SluiceExtension.class)
class ManyEndpointsTest {
  private static final int ENDPOINTS = 1_000;

  @TempDir private Path directory;

  @Test
  void aThousandEndpointsAskForCreditAsOne(Vertx vertx) throws Exception {
    Flow.install(vertx);
    AtomicInteger heard = new AtomicInteger();
    vertx
        .eventBus()
        .addOutboundInterceptor(
            message -> {
              if (message.message().address().equals("sluice.stream.events")) {
                heard.incrementAndGet();
              }
              message.next();
            });
    int port = FreePorts.next();
    try (DataDirectory data = DataDirectory.open(directory.resolve("data"))) {
      Gateway gateway = gateway(vertx, data, endpoints(model(vertx), port, "/v1"));
      long start = System.nanoTime();
      Loop.wait(gateway.start());
      long beats = 1 + Duration.ofNanos(System.nanoTime() - start).toSeconds();

      // Two event loops, two lanes: a hello when each opens, and one a second while it waits.
      assertThat(heard.get()).isBetween(2, 2 * (int) (1 + beats));
      assertThat(post(port, "/v1", 0)).isEqualTo(202);
      assertThat(post(port, "/v1", ENDPOINTS - 1)).isEqualTo(202);
      Loop.wait(gateway.stop());
    }
    Loop.undeployAll(vertx);
  }

  @Test
  void aThousandEndpointsThatChangeAreAllThereOrAllAsTheyWere(Vertx vertx) throws Exception {
    Flow.install(vertx);
    int port = FreePorts.next();
    int other = FreePorts.next();
    try (DataDirectory data = DataDirectory.open(directory.resolve("data"));
        ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ConfigurationModel<AdminConfig> model = model(vertx);
      Gateway gateway = gateway(vertx, data, endpoints(model, port, "/v1"));
      Loop.wait(gateway.start());

      Loop.wait(gateway.change(endpoints(model, port, "/v2").settings()));
      assertThat(gateway.sources()).hasSize(ENDPOINTS);
      assertThat(post(port, "/v2", ENDPOINTS - 1)).isEqualTo(202);

      Loop.wait(gateway.change(endpoints(model, other, "/v2").settings()));
      assertThat(post(other, "/v2", 0)).isEqualTo(202);

      Future<Plan> impossible =
          gateway.change(endpoints(model, taken.getLocalPort(), "/v3").settings());
      Loop.wait(impossible.otherwiseEmpty());
      assertThat(impossible.failed()).isTrue();
      assertThat(gateway.sources()).hasSize(ENDPOINTS);
      assertThat(post(other, "/v2", 0)).isEqualTo(202);
      assertThat(post(other, "/v2", ENDPOINTS - 1)).isEqualTo(202);
      Loop.wait(gateway.stop());
    }
    Loop.undeployAll(vertx);
  }

  private static int post(int port, String below, int endpoint)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + below + "/" + endpoint))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{}"))
            .build();
    return HttpClient.newHttpClient()
        .send(request, HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  private static ConfigurationModel<AdminConfig> model(Vertx vertx) {
    Listeners listeners = new Listeners(vertx, new Meters().registry(), 2);
    return new ConfigurationModel<>(
        Catalog.of(
            List.of(new HttpSourceFactory(() -> listeners)), List.of(new DiscardSinkFactory())),
        AdminConfig.class,
        AdminConfig::claims);
  }

  private Configuration<AdminConfig> endpoints(
      ConfigurationModel<AdminConfig> model, int port, String below) throws IOException {
    String sources =
        IntStream.range(0, ENDPOINTS)
            .mapToObj(
                i ->
                    "\"s%d\": {\"type\": \"http\", \"listen\": \"127.0.0.1:%d\", \"path\": \"%s/%d\", \"to\": \"events\"}"
                        .formatted(i, port, below, i))
            .collect(Collectors.joining(",\n"));
    Path file =
        Files.writeString(
            directory.resolve("sluice.json"),
            """
            {"admin": {"listen": "127.0.0.1:1"}, "sources": {%s},
             "streams": {"events": {"buffer": "memory"}},
             "sinks": {"nowhere": {"type": "discard", "from": "events"}}}
            """
                .formatted(sources));
    return model
        .check(Reading.of(List.of(file)), name -> null)
        .fold(
            Checked.Good::value,
            bad -> {
              throw new AssertionError(bad.problems());
            });
  }

  private static Gateway gateway(
      Vertx vertx, DataDirectory data, Configuration<AdminConfig> configuration) {
    Meters meters = new Meters();
    return new Gateway(
        vertx,
        configuration.settings(),
        data,
        Journal::open,
        meters.registry(),
        Clock.systemUTC(),
        new Drain(Duration.ZERO, Duration.ofSeconds(10)),
        Replica.of(vertx, configuration.replicas(), () -> "here", name -> null, meters.registry()),
        failure -> {});
  }
}
