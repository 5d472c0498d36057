package io.sluice.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.harness.Effort;
import io.sluice.harness.GatewayProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the gateway again and again under clients that send everything again that was not answered,
 * and some that was: a stream with dedupe has to see to it that each id is in the sink's files
 * once.
 */
class ResendLoopTest {
  private static final int CLIENTS = 4;
  private static final String CONFIG =
      """
      {
        "admin": { "listen": "127.0.0.1:{{admin}}" },
        "sources": {
          "app": {
            "type": "http", "listen": "127.0.0.1:{{http}}", "path": "/v1/events", "to": "events"
          }
        },
        "streams": {
          "events": { "maxBytes": "64MiB", "dedupe": { "by": "/id", "window": "1h" } }
        },
        "sinks": {
          "archive": { "type": "file", "from": ["events"], "path": "out/{seq}.ndjson" }
        }
      }
      """;

  private record Request(long first, int count) {}

  private final long seed = Long.getLong("sluice.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Ledger ledger = new Ledger();
  private final List<Deque<Request>> unanswered =
      java.util.stream.Stream.generate(ArrayDeque<Request>::new)
          .limit(CLIENTS)
          .<Deque<Request>>map(deque -> deque)
          .toList();
  @TempDir Path directory;

  @Test
  void whatIsSentAgainAfterAKillIsThereOnce() throws InterruptedException {
    killAndCompare(2);
  }

  @Test
  @Tag("slow")
  void whatIsSentAgainAfterManyKillsIsThereOnce() throws InterruptedException {
    killAndCompare(Effort.of(Integer.getInteger("sluice.kill.rounds", 20), 5));
  }

  private void killAndCompare(int rounds) throws InterruptedException {
    System.out.printf("resend loop: %d rounds, seed %d%n", rounds, seed);
    try (GatewayProcess gateway = GatewayProcess.in(directory, CONFIG)) {
      for (int round = 1; round <= rounds; round++) {
        gateway.start();
        load(gateway, round, Duration.ofMillis(100 + random.nextInt(900)), true);
      }
      gateway.start();
      load(gateway, rounds + 1, Duration.ofMillis(100), false);
      assertThat(unanswered).allMatch(Deque::isEmpty);
      awaitArrivals();
      assertThat(gateway.stop()).as("exit code, seed %d: %s", seed, gateway.output()).isZero();
    }
    List<String> wrong = ledger.compare(directory.resolve("out"));
    System.out.printf("resend loop: %d events acknowledged%n", ledger.acknowledged());
    assertThat(wrong.stream().limit(50).toList())
        .as("seed %d, %d things wrong", seed, wrong.size())
        .isEmpty();
    assertThat(ledger.acknowledged()).isPositive();
  }

  private void load(GatewayProcess gateway, int round, Duration time, boolean kill)
      throws InterruptedException {
    URI to = gateway.url("http", "/v1/events");
    long end = System.nanoTime() + time.toNanos();
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    for (Deque<Request> mine : unanswered) {
      long clientSeed = random.nextLong();
      threads.execute(() -> send(to, mine, new Random(clientSeed), round, end, kill));
    }
    threads.shutdown();
    if (kill) {
      assertThat(threads.awaitTermination(time.toMillis(), TimeUnit.MILLISECONDS)).isFalse();
      gateway.kill();
    }
    assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
  }

  /** First what was not answered, then new events, until the server is gone or the time is over. */
  private void send(URI to, Deque<Request> mine, Random random, int round, long end, boolean kill) {
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    try {
      while (!mine.isEmpty() || kill || System.nanoTime() - end < 0) {
        if (mine.isEmpty()) {
          int count = 1 + random.nextInt(40);
          mine.add(new Request(ledger.take(count), count));
        }
        Request next = mine.element();
        if (post(client, to, next)) {
          ledger.acknowledged(next.first(), next.count(), round);
          if (random.nextInt(10) > 0) {
            mine.remove(); // else it is sent again for nothing
          }
        }
      }
    } catch (IOException serverIsGone) {
      // What was not answered stays first in line.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean post(HttpClient client, URI to, Request next)
      throws IOException, InterruptedException {
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < next.count(); i++) {
      body.append(Ledger.event(next.first() + i, (int) ((next.first() + i) % 400))).append('\n');
    }
    HttpRequest request =
        HttpRequest.newBuilder(to)
            .timeout(Duration.ofSeconds(30))
            .header("Content-Type", "application/x-ndjson")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 202;
  }

  private void awaitArrivals() {
    try {
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .pollInterval(Duration.ofMillis(500))
          .until(() -> ledger.missing(directory.resolve("out")) == 0);
    } catch (ConditionTimeoutException e) {
      System.out.println("resend loop: not everything arrived within a minute");
    }
  }
}
