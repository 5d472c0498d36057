package io.sluice.flow;

import io.sluice.flow.Message.Farewell;
import io.sluice.flow.Message.Grant;
import io.sluice.flow.Message.Hello;
import io.sluice.flow.Message.Offer;
import io.sluice.flow.Message.Recall;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A receiver's bytes and who was granted how many of them.
 *
 * <p>The grants that are out (for each lane: its limit less what it completed) never add up to more
 * than the total, save after {@link #resize} made the total smaller, until enough came home. Each
 * lane is due an equal share. A lane that needs more for what is first in its line waits its turn
 * and gets it before any other is topped up, so that heavy content is not starved by light content.
 *
 * <p>Knows no bus and no clock; confined to its intake's event loop.
 */
final class Budget {
  /** What the receiver knows of one lane. */
  static final class Account {
    final String lane;
    final long session;
    private long version;
    private long limit;
    private long received;
    private long completed;
    private long wanted;
    private long heard;

    private Account(String lane, long session, long heard) {
      this.lane = lane;
      this.session = session;
      this.heard = heard;
    }

    /** Granted and not yet home: what the sender may still spend, and what is in flight. */
    long out() {
      return limit - completed;
    }

    long inFlight() {
      return received - completed;
    }

    /**
     * Whether it waits for more than it has; more than the whole budget can only come when some of
     * its own comes home.
     */
    private boolean hungry(long most) {
      return wanted > limit && wanted - completed <= most;
    }

    private Grant grant(long most) {
      return new Grant(session, version, limit, most);
    }
  }

  private final long most;
  private final Map<String, Account> accounts = new LinkedHashMap<>();
  private final ArrayDeque<Account> line = new ArrayDeque<>();
  private long total;
  private long out;
  private long inFlight;
  private long sessions;

  /**
   * A budget of {@code total} bytes.
   *
   * @param firstSession where session numbers start: greater than any that an earlier receiver at
   *     the same address used
   */
  Budget(long total, long firstSession) {
    this.total = total;
    this.most = total;
    this.sessions = firstSession;
  }

  long total() {
    return total;
  }

  /** Granted and not yet home, over all lanes. */
  long out() {
    return out;
  }

  /** Received and not yet complete, over all lanes: what is really in memory here. */
  long inFlight() {
    return inFlight;
  }

  int lanes() {
    return accounts.size();
  }

  /** What to tell each lane when there will be no more of this: the lane's name first. */
  List<Map.Entry<String, Farewell>> farewells() {
    return accounts.values().stream()
        .map(account -> Map.entry(account.lane, new Farewell(account.session, account.received)))
        .toList();
  }

  /**
   * Changes the total, to no more than it was at first; a smaller one takes effect as credit comes
   * home.
   */
  void resize(long bytes) {
    total = Math.min(most, bytes);
  }

  /**
   * Hears a lane, and answers how far it may go. A lane that says another session than its own here
   * has not heard of that yet: what it says was about an earlier receiver and counts for nothing.
   */
  Grant hello(Hello hello, long now) {
    Account account = accounts.get(hello.lane());
    if (account == null) {
      account = new Account(hello.lane(), ++sessions, now);
      accounts.put(account.lane, account);
    } else if (account.session == hello.session()) {
      if (hello.spent() > account.received) {
        lost(account, hello.spent());
      }
      if (hello.version() == account.version && hello.limit() < account.limit) {
        lower(account, hello.limit());
      }
      account.wanted = hello.wanted();
    }
    account.heard = now;
    if (account.hungry(most)) {
      if (!line.contains(account)) {
        line.add(account);
      }
    } else {
      line.remove(account);
    }
    raise(account);
    return account.grant(most);
  }

  /**
   * Takes an offer.
   *
   * @return the account to {@link #complete} it on; empty when the offer is of another session,
   *     begins before what was heard of already, or goes beyond the limit
   */
  Optional<Account> offer(Offer offer) {
    Account account = accounts.get(offer.lane());
    if (account == null
        || account.session != offer.session()
        || offer.from() < account.received
        || offer.from() + offer.weight() > account.limit) {
      return Optional.empty();
    }
    if (offer.from() > account.received) {
      lost(account, offer.from());
    }
    account.received += offer.weight();
    inFlight += offer.weight();
    return Optional.of(account);
  }

  /**
   * What lies between what arrived and {@code to} was sent and never will arrive: it is as good as
   * complete.
   */
  private void lost(Account account, long to) {
    long bytes = to - account.received;
    account.received = to;
    inFlight += bytes;
    complete(account, bytes);
  }

  /** Content of {@code weight} bytes is done with; its lane may have ended meanwhile. */
  void complete(Account account, long weight) {
    if (account.inFlight() < weight) {
      throw new IllegalStateException(
          "completes " + weight + " of " + account.inFlight() + " bytes in flight");
    }
    account.completed += weight;
    inFlight -= weight;
    out -= weight;
  }

  /**
   * Fresh credit for one lane, if there is any for it now that is worth {@code least} bytes, or
   * that it waits for.
   */
  Optional<Grant> topUp(Account account, long least) {
    boolean worth = account.hungry(most) || share() - account.out() >= least;
    return worth && accounts.get(account.lane) == account && raise(account)
        ? Optional.of(account.grant(most))
        : Optional.empty();
  }

  /** Serves who stands in line, in turn. */
  List<Map.Entry<String, Grant>> serve() {
    List<Map.Entry<String, Grant>> grants = new ArrayList<>();
    while (!line.isEmpty()) {
      Account first = line.peek();
      if (!raise(first)) {
        break;
      }
      grants.add(Map.entry(first.lane, first.grant(most)));
    }
    return grants;
  }

  /**
   * Who is to give back so that the first in line can be served, and how far: first what lanes hold
   * beyond their share, so that the first gets its own, then whatever it needs for what it has
   * waiting.
   */
  List<Map.Entry<String, Recall>> recalls() {
    List<Map.Entry<String, Recall>> recalls = new ArrayList<>();
    if (line.isEmpty()) {
      return recalls;
    }
    Account first = line.peek();
    long available = total - out;
    long due = Math.max(share() - first.out(), first.wanted - first.limit) - available;
    long needed = first.wanted - first.limit - available;
    long reserve = reserve(first);
    for (Account account : accounts.values()) {
      if (account != first) {
        long spare = Math.max(0, account.limit - account.received - reserve);
        long beyond = Math.min(spare, Math.max(0, account.out() - share()));
        long back = Math.max(Math.min(beyond, due), Math.min(spare, needed));
        if (back > 0) {
          recalls.add(
              Map.entry(account.lane, new Recall(account.session, account.limit - back, reserve)));
          due -= back;
          needed -= back;
        }
      }
    }
    return recalls;
  }

  /** What lanes may keep while another needs more, unless there would never be enough for it. */
  private long reserve(Account needy) {
    long reserve = Flow.reserve(total);
    long kept = reserve * (accounts.size() - 1);
    return needy.wanted - needy.completed + kept <= total ? reserve : 0;
  }

  private boolean raise(Account account) {
    boolean first = line.isEmpty() || line.peek() == account;
    if (!first) {
      return false;
    }
    long due = Math.max(share() - account.out(), account.wanted - account.limit);
    long more = Math.min(due, total - out);
    if (more <= 0 || (account.hungry(most) && account.limit + more < account.wanted)) {
      return false;
    }
    account.limit += more;
    account.version++;
    out += more;
    line.remove(account);
    return true;
  }

  private long share() {
    return total / Math.max(1, accounts.size());
  }

  /** The lane ended. */
  void bye(String lane, long session) {
    Account account = accounts.get(lane);
    if (account != null && account.session == session) {
      close(account);
    }
  }

  /** Gives up on lanes that were not heard since {@code before}. */
  List<String> expire(long before) {
    List<Account> silent =
        accounts.values().stream().filter(account -> account.heard < before).toList();
    silent.forEach(this::close);
    return silent.stream().map(account -> account.lane).toList();
  }

  /** Forgets a lane. What it has in flight stays counted until it completes. */
  private void close(Account account) {
    accounts.remove(account.lane);
    line.remove(account);
    lower(account, account.received);
  }

  private void lower(Account account, long limit) {
    long lowered = Math.max(limit, account.received);
    out -= account.limit - lowered;
    account.limit = lowered;
  }
}
