package io.sluice.ledger;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Clients that keep every event until the server is done with it, and when a connection breaks send
 * what they keep on the next, in the same order, before anything new.
 */
final class ReturningClients implements AutoCloseable {
  private static final int CLIENTS = 4;
  private static final int AHEAD = 200;

  private final ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final List<Future<Integer>> ends = new ArrayList<>();
  private final Ledger ledger;

  ReturningClients(Ledger ledger, Supplier<Link.Opening> openings, Random random) {
    this.ledger = ledger;
    for (int i = 0; i < CLIENTS; i++) {
      long seed = random.nextLong();
      ends.add(threads.submit(() -> push(openings.get(), new Random(seed))));
    }
  }

  /** The connections it took until all was settled. */
  private int push(Link.Opening opening, Random random) throws InterruptedException {
    ArrayDeque<Long> kept = new ArrayDeque<>();
    int connections = 0;
    while (stopped.getCount() > 0 || !kept.isEmpty()) {
      try (Link link = opening.open()) {
        connections++;
        push(link, kept, random);
      } catch (IOException broken) {
        // The server is gone: what is kept is for the next connection.
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      }
    }
    return connections;
  }

  private void push(Link link, ArrayDeque<Long> kept, Random random)
      throws IOException, InterruptedException {
    settle(kept, link.had());
    for (long id : kept) {
      link.send(event(id));
    }
    long settled = 0;
    while (stopped.getCount() > 0 || !kept.isEmpty()) {
      int fill = 1 + random.nextInt(AHEAD);
      while (stopped.getCount() > 0 && kept.size() < fill) {
        long id = ledger.take(1);
        kept.add(id);
        link.send(event(id));
      }
      long now = link.settled();
      settle(kept, now - settled);
      settled = now;
    }
  }

  private void settle(ArrayDeque<Long> kept, long count) {
    for (long i = 0; i < count; i++) {
      ledger.acknowledged(kept.remove(), 1, 0);
    }
  }

  private static String event(long id) {
    return Ledger.event(id, (int) (id % 400));
  }

  /**
   * Nothing new from now on; waits until all is settled, and answers how many connections it took.
   */
  int finish() throws Exception {
    stopped.countDown();
    int connections = 0;
    for (Future<Integer> end : ends) {
      connections += end.get(90, TimeUnit.SECONDS);
    }
    return connections;
  }

  @Override
  public void close() {
    stopped.countDown();
    threads.shutdownNow();
  }
}
