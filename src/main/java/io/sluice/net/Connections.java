package io.sluice.net;

import io.sluice.connector.Party;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one listener, counted in total and by the {@linkplain Party#network network}
 * they come from, so that nobody can take them all. Shared by the listener's event loops; any
 * thread.
 *
 * <p>Remembers only networks that have a connection open, so never more than there are connections.
 */
final class Connections {
  private final int most;
  private final int mostPerAddress;
  private final AtomicInteger total = new AtomicInteger();
  private final ConcurrentMap<String, Integer> networks = new ConcurrentHashMap<>();

  /** Why a connection is one too many. */
  enum Excess {
    TOTAL(503, "too-many-connections", "There are too many connections."),
    ADDRESS(
        429,
        "too-many-connections-per-address",
        "There are too many connections from this address.");

    private final int status;
    private final String code;
    private final String detail;

    Excess(int status, String code, String detail) {
      this.status = status;
      this.code = code;
      this.detail = detail;
    }

    /** What HTTP has to say of it. */
    Problem problem() {
      return Problem.of(status, code, detail).with("retry-after", "1").closing();
    }

    /** One word, for metrics. */
    String code() {
      return code;
    }
  }

  /** One connection, which counts until it has left. */
  final class Pass {
    private final String network;
    private final @Nullable Excess excess;

    private Pass(String network, @Nullable Excess excess) {
      this.network = network;
      this.excess = excess;
    }

    /** Why it is to be refused, if it is. */
    Optional<Excess> excess() {
      return Optional.ofNullable(excess);
    }

    /** It is closed; to be called once. */
    void leave() {
      total.decrementAndGet();
      networks.computeIfPresent(network, (same, open) -> open > 1 ? open - 1 : null);
    }
  }

  /**
   * None yet.
   *
   * @param most how many there may be
   * @param mostPerAddress how many from one network
   */
  Connections(int most, int mostPerAddress) {
    this.most = most;
    this.mostPerAddress = mostPerAddress;
  }

  /**
   * Counts a connection, one too many included.
   *
   * @param address where it comes from; null without an IP address
   */
  Pass enter(@Nullable String address) {
    String network = Party.network(address);
    boolean fromHere = networks.merge(network, 1, Integer::sum) > mostPerAddress;
    boolean inAll = total.incrementAndGet() > most;
    return new Pass(network, inAll ? Excess.TOTAL : fromHere ? Excess.ADDRESS : null);
  }

  /** How many are open. */
  int open() {
    return total.get();
  }

  /** From how many networks they come. */
  int networks() {
    return networks.size();
  }
}
