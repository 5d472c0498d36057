package io.sluice.app;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that post as fast as they are answered, and remember which events were acknowledged. They
 * come back at once where they are asked to wait, so that the load does not let up, and soon where
 * nobody is there.
 */
final class Pushers implements AutoCloseable {
  private static final int EVENTS = 50;
  private static final long AWAY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final String REST = "\"x\":\"" + "x".repeat(970) + "\"}\n";

  private final HttpClient client = HttpClient.newHttpClient();
  private final URI url;
  private final int clients;
  private final List<Thread> threads = new ArrayList<>();
  private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
  private final List<String> flaws = new CopyOnWriteArrayList<>();
  private final AtomicLong numbers = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong broken = new AtomicLong();
  private volatile boolean stopped;

  Pushers(int port, int clients) {
    this.url = URI.create("http://127.0.0.1:" + port + "/v1/events");
    this.clients = clients;
  }

  void start() {
    for (int i = 0; i < clients; i++) {
      Thread thread = new Thread(this::push, "pusher-" + i);
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
  }

  private void push() {
    try {
      while (!stopped) {
        post();
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private void post() throws InterruptedException {
    List<String> ids = new ArrayList<>();
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < EVENTS; i++) {
      String id = StallingSink.id(numbers.incrementAndGet());
      ids.add(id);
      body.append(id).append(REST);
    }
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .timeout(Duration.ofSeconds(20))
            .header("content-type", "application/x-ndjson")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
            .build();
    try {
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      note(answer, ids);
    } catch (IOException unknown) {
      // nothing was acknowledged
      broken.incrementAndGet();
      // Nor is anybody there for some time: to try at once only takes the gateway's CPU from it.
      LockSupport.parkNanos(AWAY_NANOS);
    }
  }

  private void note(HttpResponse<String> answer, List<String> ids) {
    Optional<String> again = answer.headers().firstValue("retry-after");
    if (answer.statusCode() == 202) {
      acknowledged.addAll(ids);
    } else if (answer.statusCode() == 503 && again.map(Long::parseLong).orElse(0L) >= 1) {
      refused.incrementAndGet();
    } else {
      flaws.add(answer.statusCode() + " " + again + " " + answer.body());
    }
  }

  /** Ends the load, and waits for the last answers. */
  void stop() {
    stopped = true;
    for (Thread thread : threads) {
      try {
        thread.join(TimeUnit.SECONDS.toMillis(30));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  Set<String> acknowledged() {
    return acknowledged;
  }

  /** How often a client was told to come back later. */
  long refused() {
    return refused.get();
  }

  /** How often a connection ended instead of an answer. */
  long broken() {
    return broken.get();
  }

  /** Answers that are neither. */
  List<String> flaws() {
    return flaws;
  }

  @Override
  public void close() {
    stopped = true;
    threads.forEach(Thread::interrupt);
  }
}
