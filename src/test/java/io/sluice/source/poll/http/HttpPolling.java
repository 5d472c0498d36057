package io.sluice.source.poll.http;

import io.sluice.config.Bindings;
import io.sluice.config.Problem;
import io.sluice.config.Reading;
import io.sluice.config.Section;
import io.sluice.connector.PollException;
import io.sluice.connector.Polled;
import io.sluice.harness.Loop;
import io.sluice.source.poll.FakeIntake;
import io.sluice.source.poll.FakePollContext;
import io.sluice.source.poll.Polling;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/**
 * One HTTP poll, set up by the JSON that an operator would write, in which {@code PORT} is that of
 * the API; private addresses are allowed unless it says otherwise.
 */
final class HttpPolling implements AutoCloseable {
  /** What every source has. */
  public record Common() {}

  private final FakePollContext context;
  private final Polling polling;

  HttpPolling(Vertx vertx, int port, String json) {
    this(vertx, Clock.systemUTC(), Resolver.of(vertx), port, json);
  }

  HttpPolling(Vertx vertx, Clock clock, Resolver resolver, int port, String json) {
    this.context = new FakePollContext(vertx, "orders", clock);
    HttpPollConfig config = config(json.replace("PORT", Integer.toString(port)));
    HttpPollFactory factory = new HttpPollFactory(any -> resolver);
    this.polling = new Polling(Loop.of(vertx), () -> factory.create(config, context));
  }

  /** The same address for every name. */
  static Resolver always(String... addresses) {
    return host -> {
      try {
        List<InetAddress> all = new java.util.ArrayList<>();
        for (String address : addresses) {
          all.add(InetAddress.getByName(address));
        }
        return Future.succeededFuture(all);
      } catch (java.net.UnknownHostException e) {
        throw new AssertionError(e);
      }
    };
  }

  static HttpPollConfig config(String json) {
    Bindings bindings = bind(json);
    return bindings
        .section("sources")
        .get(0)
        .special()
        .map(HttpPollConfig.class::cast)
        .orElseThrow(() -> new AssertionError(bindings.problems().list()));
  }

  /** What is wrong with a configuration. */
  static List<String> problems(String json) {
    return bind(json).problems().list().stream().map(Problem::toString).toList();
  }

  private static Bindings bind(String json) {
    String open = json.contains("allowPrivate") ? "" : "\"allowPrivate\": true, ";
    String all = "{\"sources\": {\"orders\": {\"type\": \"http-poll\", " + open + json + "}}}";
    Section sources =
        new Section(
            "sources", "Sources.", true, Common.class, Map.of("http-poll", HttpPollConfig.class));
    Reading reading =
        new Reading(
            List.of(Path.of("a.json")),
            List.of(new Reading.ConfigText(Path.of("a.json"), all)),
            List.of());
    return Bindings.of(reading, List.of(sources), name -> null)
        .fold(
            io.sluice.config.Checked.Good::value,
            bad -> {
              throw new AssertionError(bad.problems());
            });
  }

  FakePollContext context() {
    return context;
  }

  Polled poll(FakeIntake into) {
    return polling.poll(into);
  }

  Future<Polled> polling(FakeIntake into) {
    return polling.polling(into);
  }

  /** What a poll fails with. */
  PollException failure(FakeIntake into) {
    Throwable failure = polling.failure(into);
    if (failure instanceof PollException poll) {
      return poll;
    }
    throw new AssertionError(failure);
  }

  /** The reason of a failure. */
  String reason(FakeIntake into) {
    return failure(into).reason();
  }

  @Override
  public void close() {
    polling.close();
    if (context.open() > 0) {
      throw new AssertionError(context.open() + " turns are not over");
    }
  }
}
