package io.sluice.auth;

import io.sluice.connector.Party;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Wrong credentials by the address they come from. After {@value #MOST} within a minute, no more
 * from there are looked at until that minute is over, right ones neither: otherwise guessing would
 * go on. Requests without credentials are no guesses and do not count. An IPv6 address counts with
 * all of its /64, since whoever has one has them all.
 *
 * <p>Bounded: of too many addresses the one that failed first is forgotten. Any thread.
 */
final class Failures {
  /** How many there may be from one address in a minute. */
  static final int MOST = 20;

  private static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final int MOST_ADDRESSES = 10_000;

  private final LongSupplier nanos;
  private final Map<String, Window> windows = new LinkedHashMap<>();
  private volatile boolean none = true;

  private static final class Window {
    final long since;
    int failures;

    Window(long since) {
      this.since = since;
    }
  }

  Failures(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Wrong credentials came from {@code from}. */
  synchronized void failed(String from) {
    String address = Party.network(from);
    long now = nanos.getAsLong();
    // In the order in which they began.
    Iterator<Window> oldest = windows.values().iterator();
    while (oldest.hasNext() && over(oldest.next(), now)) {
      oldest.remove();
    }
    if (windows.size() >= MOST_ADDRESSES && !windows.containsKey(address)) {
      windows.remove(windows.keySet().iterator().next());
    }
    windows.computeIfAbsent(address, first -> new Window(now)).failures++;
    none = false;
  }

  /**
   * Whole seconds until credentials from {@code address} are looked at again; 0 if they are now.
   */
  long secondsToWait(String address) {
    return none ? 0 : left(address);
  }

  private synchronized long left(String address) {
    Window window = windows.get(Party.network(address));
    long now = nanos.getAsLong();
    if (window == null || window.failures < MOST || over(window, now)) {
      return 0;
    }
    return 1 + TimeUnit.NANOSECONDS.toSeconds(window.since + WINDOW_NANOS - now);
  }

  private static boolean over(Window window, long now) {
    return now - window.since >= WINDOW_NANOS;
  }
}
