package io.sluice.ledger;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients that post one batch after the other, each on a connection that it keeps, and for whom
 * everything but a receipt is a failure.
 */
final class UnfailingClients implements AutoCloseable {
  private static final int EVENTS = 20;

  private final Ledger ledger;
  private final URI to;
  private final String key;
  private final AtomicLong requests = new AtomicLong();
  private final List<String> failures = new CopyOnWriteArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopped;

  /**
   * Starts them.
   *
   * @param clients makes the client of each
   */
  UnfailingClients(Ledger ledger, URI to, String key, List<HttpClient> clients, Random random) {
    this.ledger = ledger;
    this.to = to;
    this.key = key;
    for (HttpClient client : clients) {
      long seed = random.nextLong();
      Thread thread = new Thread(() -> push(client, new Random(seed)), "unfailing");
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
  }

  private void push(HttpClient client, Random random) {
    while (!stopped) {
      long first = ledger.take(EVENTS);
      try {
        HttpResponse<String> answer =
            client.send(request(first, random), HttpResponse.BodyHandlers.ofString());
        requests.incrementAndGet();
        if (answer.statusCode() == 202) {
          ledger.acknowledged(first, EVENTS, 0);
        } else {
          failures.add(answer.statusCode() + " " + answer.body());
        }
      } catch (IOException e) {
        failures.add(e.toString());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private HttpRequest request(long first, Random random) {
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < EVENTS; i++) {
      body.append(Ledger.event(first + i, random.nextInt(400))).append('\n');
    }
    return HttpRequest.newBuilder(to)
        .timeout(Duration.ofSeconds(30))
        .header("Content-Type", "application/x-ndjson")
        .header("X-API-Key", key)
        .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
        .build();
  }

  long requests() {
    return requests.get();
  }

  /** Everything that was not answered by a receipt. */
  List<String> failures() {
    return failures;
  }

  /** Ends the load, and waits for the last answers. */
  @Override
  public void close() {
    stopped = true;
    for (Thread thread : threads) {
      try {
        thread.join(TimeUnit.SECONDS.toMillis(40));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
