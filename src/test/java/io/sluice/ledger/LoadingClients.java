package io.sluice.ledger;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Clients on connections of their own that send batches until their server is gone, and write down
 * what was acknowledged. Nothing is ever sent twice.
 */
final class LoadingClients implements AutoCloseable {
  private static final int CLIENTS = 6;

  private final ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
  private final Queue<String> surprises = new ConcurrentLinkedQueue<>();
  private final Ledger ledger;
  private final URI to;
  private final int round;
  private volatile boolean stopped;

  LoadingClients(Ledger ledger, URI to, int round, Random random) {
    this.ledger = ledger;
    this.to = to;
    this.round = round;
    for (int i = 0; i < CLIENTS; i++) {
      long seed = random.nextLong();
      threads.execute(() -> send(new Random(seed)));
    }
  }

  private void send(Random random) {
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    try {
      while (!stopped) {
        int count = 1 + random.nextInt(50);
        long first = ledger.take(count);
        int status =
            client
                .send(request(first, count, random), HttpResponse.BodyHandlers.discarding())
                .statusCode();
        if (status == 202) {
          ledger.acknowledged(first, count, round);
        } else if (status != 429 && status != 503 && status != 504) {
          surprises.add("status " + status);
          return;
        }
      }
    } catch (IOException serverIsGone) {
      // Whether these events were kept, nobody knows and nobody may rely on.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private HttpRequest request(long first, int count, Random random) {
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < count; i++) {
      body.append(Ledger.event(first + i, random.nextInt(400))).append('\n');
    }
    return HttpRequest.newBuilder(to)
        .timeout(Duration.ofSeconds(30))
        .header("Content-Type", "application/x-ndjson")
        .header("Prefer", "ack=stored")
        .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
        .build();
  }

  /** Waits until all have ended, with the server or because they were told to. */
  @Override
  public void close() {
    stopped = true;
    threads.shutdown();
    try {
      if (!threads.awaitTermination(60, TimeUnit.SECONDS)) {
        throw new AssertionError("clients did not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!surprises.isEmpty()) {
      throw new AssertionError("answered " + surprises);
    }
  }
}
