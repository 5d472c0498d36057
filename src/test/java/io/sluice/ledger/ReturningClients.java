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
  private final List<Future<Connections>> ends = new ArrayList<>();
  private final Ledger ledger;

  /**
   * The connections it took.
   *
   * @param opened all that were opened: also those that the system accepted for a server that was
   *     letting go of its port
   * @param served those that it settled something on
   */
  record Connections(int opened, int served) {
    Connections plus(Connections more) {
      return new Connections(opened + more.opened, served + more.served);
    }
  }

  ReturningClients(Ledger ledger, Supplier<Link.Opening> openings, Random random) {
    this.ledger = ledger;
    for (int i = 0; i < CLIENTS; i++) {
      long seed = random.nextLong();
      Client client = new Client(openings.get(), new Random(seed));
      ends.add(threads.submit(() -> client.push()));
    }
  }

  /** One of them. */
  private final class Client {
    private final Link.Opening opening;
    private final Random random;
    private final ArrayDeque<Long> kept = new ArrayDeque<>();
    private int opened;
    private int served;

    Client(Link.Opening opening, Random random) {
      this.opening = opening;
      this.random = random;
    }

    /** Until all is settled. */
    Connections push() throws InterruptedException {
      while (unsettled()) {
        try (Link link = opening.open()) {
          opened++;
          push(link);
        } catch (IOException broken) {
          // The server is gone: what is kept is for the next connection.
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
      }
      return new Connections(opened, served);
    }

    private boolean unsettled() {
      return stopped.getCount() > 0 || !kept.isEmpty();
    }

    private void push(Link link) throws IOException, InterruptedException {
      settle(link.had());
      for (long id : kept) {
        link.send(event(id));
      }
      long settled = 0;
      while (unsettled()) {
        int fill = 1 + random.nextInt(AHEAD);
        while (stopped.getCount() > 0 && kept.size() < fill) {
          long id = ledger.take(1);
          kept.add(id);
          link.send(event(id));
        }
        long now = link.settled();
        served += settled == 0 && now > 0 ? 1 : 0;
        settle(now - settled);
        settled = now;
      }
    }

    private void settle(long count) {
      for (long i = 0; i < count; i++) {
        ledger.acknowledged(kept.remove(), 1, 0);
      }
    }
  }

  private static String event(long id) {
    return Ledger.event(id, (int) (id % 400));
  }

  /**
   * Nothing new from now on; waits until all is settled, and answers how many connections it took.
   */
  Connections finish() throws Exception {
    stopped.countDown();
    Connections connections = new Connections(0, 0);
    for (Future<Connections> end : ends) {
      connections = connections.plus(end.get(90, TimeUnit.SECONDS));
    }
    return connections;
  }

  @Override
  public void close() {
    stopped.countDown();
    threads.shutdownNow();
  }
}
