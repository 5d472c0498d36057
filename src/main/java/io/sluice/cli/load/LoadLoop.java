package io.sluice.cli.load;

import io.sluice.net.ClientTls;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * One thread of a run: its share of the connections and of the rate.
 *
 * <p>Open loop: request {@code k} is due at {@code start + k * interval}, whatever the server does.
 * A request that is due waits for a free connection, past the end of the run if need be, and its
 * latency counts from when it was due, so a stall is charged to every request it held up (no
 * coordinated omission).
 */
final class LoadLoop {
  private static final long CONNECT_NANOS = Duration.ofSeconds(5).toNanos();
  private static final long LATE_NANOS = Duration.ofSeconds(10).toNanos();
  private static final long ANSWER_NANOS = Duration.ofSeconds(10).toNanos();
  private static final long RECONNECT_NANOS = Duration.ofMillis(100).toNanos();
  private static final long SHORTEST_SELECT_NANOS = 1_000_000;
  private static final long LONGEST_PARK_NANOS = 50_000;

  /** The status of a request that nobody answers. */
  static final int WRITTEN = 0;

  private final Load load;
  private final int index;
  private final Probe probe;
  private final InetSocketAddress address;
  private final ByteBuffer scratch = ByteBuffer.allocateDirect(64 * 1024);
  private final List<Lane> lanes = new ArrayList<>();
  private final ArrayDeque<Lane> idle = new ArrayDeque<>();
  private final ArrayDeque<Lane> down = new ArrayDeque<>();
  private final Tally tally = new Tally();
  private final double intervalNanos;
  private final Random random;
  private final Optional<SSLContext> tls;

  private @Nullable IOException lastFailure;
  private long reconnectAt;
  private long startAt;
  private long openAt = Long.MAX_VALUE;
  private long openedAt;
  private long closeAt = Long.MAX_VALUE;
  private long sendUntil = Long.MAX_VALUE;
  private boolean measuring;
  private boolean measured;
  private long requests;

  LoadLoop(Load load, int index, InetSocketAddress address, Probe probe, Random random) {
    this.load = load;
    this.index = index;
    this.address = address;
    this.probe = probe;
    this.random = new Random(random.nextLong());
    this.tls = load.target().tls().map(ClientTls::context);
    int share = load.connections() / load.threads();
    int mine = share + (index < load.connections() % load.threads() ? 1 : 0);
    for (int i = 0; i < mine; i++) {
      lanes.add(new Lane(this, new RequestBytes(load, random), load));
    }
    intervalNanos =
        load.rate().isPresent()
            ? 1e9 * load.batch() * load.threads() / load.rate().getAsDouble()
            : 0;
  }

  /**
   * Drives to the end of the run.
   *
   * @throws IOException when no connection came to stand
   */
  Tally drive() throws IOException {
    try (Selector selector = Selector.open()) {
      connect(selector);
      startAt = System.nanoTime();
      reconnectAt = startAt + RECONNECT_NANOS;
      openAt = startAt + load.warmup().toNanos();
      closeAt = openAt + load.duration().toNanos();
      sendUntil = closeAt + (load.rate().isPresent() ? LATE_NANOS : 0);
      long giveUpAt = sendUntil + ANSWER_NANOS;
      long now = startAt;
      while (sends(now) || (anyWaiting() && now - giveUpAt < 0)) {
        phase(now);
        if (sends(now)) {
          dispatch(now);
          reopen(selector, now);
        }
        select(selector, now);
        now = System.nanoTime();
      }
      phase(now);
      tally.sentEver = requests * load.batch();
      countUnsent();
    } finally {
      lanes.forEach(Lane::giveUp);
    }
    return tally;
  }

  private void connect(Selector selector) throws IOException {
    long deadline = System.nanoTime() + CONNECT_NANOS;
    lanes.forEach(lane -> lane.open(selector, address));
    while (idle.size() + down.size() < lanes.size() && System.nanoTime() - deadline < 0) {
      selector.select(this::ready, 100);
    }
    if (idle.isEmpty()) {
      throw lastFailure != null ? lastFailure : new ConnectException("Connection timed out");
    }
  }

  private void phase(long now) {
    if (!measuring && !measured && now - openAt >= 0) {
      measuring = true;
      openedAt = now;
      probe.opened();
    }
    if (measuring && now - closeAt >= 0) {
      measuring = false;
      measured = true;
      tally.measuredNanos = now - openedAt;
      probe.closed();
    }
  }

  /** Whether anything is to be sent still: all the time, and after its end what is overdue. */
  private boolean sends(long now) {
    return now - closeAt < 0 || (now - sendUntil < 0 && overdue());
  }

  /** Whether the next request of an open loop belongs to the run at all. */
  private boolean overdue() {
    return load.rate().isPresent() && dueAt(requests) - closeAt < 0;
  }

  private void dispatch(long now) {
    while (!idle.isEmpty() && sends(now)) {
      long due = load.rate().isPresent() ? dueAt(requests) : System.nanoTime();
      if (load.rate().isPresent() && due - now > 0) {
        return;
      }
      Lane lane = idle.remove();
      lane.queued = false;
      if (lane.canSend()) {
        lane.send(((long) index << 40) + requests * load.batch(), due);
        requests++;
        tally.late += measured ? 1 : 0;
        sendable(lane);
      }
    }
  }

  private long dueAt(long request) {
    return startAt + (long) (request * intervalNanos);
  }

  private void reopen(Selector selector, long now) {
    if (!down.isEmpty() && now - reconnectAt >= 0) {
      for (int i = down.size(); i > 0; i--) {
        down.remove().open(selector, address);
      }
      reconnectAt = now + RECONNECT_NANOS;
    }
  }

  private void select(Selector selector, long now) throws IOException {
    long wake = measuring || measured ? closeAt : openAt;
    if (load.rate().isPresent() && !idle.isEmpty() && !measured) {
      wake = Math.min(wake, dueAt(requests));
    }
    if (!down.isEmpty() && !measured) {
      wake = Math.min(wake, reconnectAt);
    }
    long nanos = measured ? SHORTEST_SELECT_NANOS : wake - now;
    if (nanos >= SHORTEST_SELECT_NANOS) {
      selector.select(this::ready, nanos / SHORTEST_SELECT_NANOS);
    } else {
      if (nanos > 0) {
        // A selector waits for whole milliseconds, which would send in bursts.
        LockSupport.parkNanos(Math.min(nanos, LONGEST_PARK_NANOS));
      }
      selector.selectNow(this::ready);
    }
  }

  private void ready(SelectionKey key) {
    ((Lane) key.attachment()).ready(scratch);
  }

  private boolean anyWaiting() {
    for (Lane lane : lanes) {
      if (lane.waiting() > 0) {
        return true;
      }
    }
    return false;
  }

  /** Requests that were due before the end and never left count with their age. */
  private void countUnsent() {
    for (; overdue(); requests++) {
      tally.unsent++;
      latency(dueAt(requests));
    }
  }

  /** For a new connection. */
  AnswerScanner scanner() {
    return switch (load.target().protocol()) {
      case HTTP -> new ResponseScanner();
      case TCP -> new CountScanner(load.receipts() ? load.batch() : Integer.MAX_VALUE);
      case WEBSOCKET -> new MessageScanner(load, random);
    };
  }

  /** For a new connection that stands. */
  Wire wire(SocketChannel channel) {
    return tls.<Wire>map(context -> TlsWire.of(channel, context, load.target()))
        .orElseGet(() -> new PlainWire(channel));
  }

  void opened(Lane lane) {
    sendable(lane);
  }

  void sendable(Lane lane) {
    if (!lane.queued && lane.canSend()) {
      lane.queued = true;
      idle.add(lane);
    }
  }

  /**
   * @param status 2xx when its events are taken; {@link #WRITTEN} when nobody says so
   */
  void answered(long intended, int status) {
    int events = status / 100 == 2 || status == WRITTEN ? load.batch() : 0;
    tally.acceptedEver += events;
    if (measuring || measured) {
      tally.acceptedSinceOpened += events;
    }
    if (measuring) {
      tally.requests++;
      tally.accepted += events;
      tally.statuses[status]++;
    }
    latency(intended);
  }

  void lost(long intended, IOException reason) {
    tally.error(text(reason), 1);
    latency(intended);
  }

  void closed(Lane lane, boolean wasOpen, IOException reason) {
    if (!wasOpen) {
      lastFailure = reason;
      tally.error(text(reason), 1);
    } else if (down.isEmpty()) {
      reconnectAt = System.nanoTime();
    }
    down.add(lane);
  }

  private void latency(long intended) {
    if (intended - openAt >= 0 && intended - closeAt < 0) {
      tally.latency(System.nanoTime() - intended);
    }
  }

  private static String text(IOException reason) {
    return reason.getMessage() == null ? reason.getClass().getSimpleName() : reason.getMessage();
  }
}
