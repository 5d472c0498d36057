package io.sluice.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.flow.Message.Grant;
import io.sluice.flow.Message.Hello;
import io.sluice.flow.Message.Offer;
import io.sluice.flow.Message.Recall;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random walks of the credit protocol over a bus that loses, delays and repeats what a bus could,
 * with senders that vanish and receivers that are replaced. Each step checks that no more is in
 * memory than the budget; each walk ends by letting the world be quiet for a while, after which
 * every byte of credit must be accounted for.
 */
class CreditModelTest {
  private static final long TOTAL = 10_000;

  static LongStream seeds() {
    return LongStream.range(0, 300);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void creditIsConserved(long seed) {
    World world = new World(new Random(seed));
    for (int step = 0; step < 2_000; step++) {
      world.step();
      world.check();
    }
    world.settle();
    world.checkHome();
  }

  /** One sender: its purse, what it wants to send, and its ordered way to the receiver. */
  private static final class Sender {
    final String name;
    final boolean alone;
    final Purse purse = new Purse();
    final ArrayDeque<Message> toReceiver = new ArrayDeque<>();
    final List<Message> toSender = new ArrayList<>();
    final ArrayDeque<Long> held = new ArrayDeque<>();
    long want;

    Sender(String name, boolean alone) {
      this.name = name;
      this.alone = alone;
    }

    Ask ask() {
      return alone ? Ask.alone(want) : new Ask(name, 0, want);
    }

    Hello hello() {
      long wanted = want == 0 ? 0 : purse.wanted(ask());
      return new Hello(
          name, purse.session(), purse.version(), purse.limit(), purse.spent(), wanted);
    }
  }

  /** A parcel in the receiver's memory. */
  private record InMemory(Budget.Account account, long weight) {}

  private static final class World {
    final Random random;
    final Map<String, Sender> senders = new HashMap<>();
    final List<InMemory> memory = new ArrayList<>();
    Budget budget = new Budget(TOTAL, 0);
    long incarnation;
    int names;
    boolean lossy = true;
    long clock;

    World(Random random) {
      this.random = random;
    }

    Sender anySender() {
      List<Sender> all =
          senders.values().stream().sorted((a, b) -> a.name.compareTo(b.name)).toList();
      return all.get(random.nextInt(all.size()));
    }

    void step() {
      if (senders.isEmpty()) {
        join();
        return;
      }
      Sender sender = anySender();
      switch (random.nextInt(16)) {
        case 0 -> join();
        case 1 -> sayHello(sender);
        case 2, 3, 4 -> send(sender);
        case 5, 6, 7 -> deliverToReceiver(sender);
        case 8, 9 -> deliverToSender(sender);
        case 10, 11, 12 -> completeOne();
        case 13 -> push();
        case 14 -> maybe(20, () -> vanish(sender));
        default -> maybe(100, this::replaceReceiver);
      }
    }

    void maybe(int oneIn, Runnable action) {
      if (random.nextInt(oneIn) == 0) {
        action.run();
      }
    }

    void join() {
      if (senders.size() < 6) {
        Sender sender = new Sender("lane-" + names++, random.nextBoolean());
        senders.put(sender.name, sender);
        sayHello(sender);
      }
    }

    void vanish(Sender sender) {
      senders.remove(sender.name);
      if (random.nextBoolean()) {
        budget.bye(sender.name, sender.purse.session());
      }
    }

    void replaceReceiver() {
      budget = new Budget(TOTAL, (++incarnation) * 1_000_000);
      memory.clear();
    }

    void sayHello(Sender sender) {
      sender.toReceiver.add(sender.hello());
    }

    void send(Sender sender) {
      if (sender.want == 0) {
        sender.want = 1 + random.nextInt(random.nextInt(20) == 0 ? (int) TOTAL : 300);
      }
      serveLine(sender);
      if (sender.want > 0) {
        sayHello(sender);
      }
    }

    /**
     * Holds what is wanted as soon as there is credit for it, and sends it, now or a little later.
     */
    void serveLine(Sender sender) {
      if (sender.want > 0 && sender.purse.hold(sender.ask())) {
        sender.held.add(sender.want);
        sender.want = 0;
      }
      if (!lossy || random.nextInt(4) > 0) {
        spend(sender);
      }
    }

    void spend(Sender sender) {
      for (Long weight = sender.held.poll(); weight != null; weight = sender.held.poll()) {
        if (sender.purse.covers(weight)) {
          long session = sender.purse.session();
          sender.toReceiver.add(
              new Offer(sender.name, session, sender.purse.spend(weight), weight, ""));
        } else {
          sender.purse.unhold(weight);
        }
      }
    }

    void deliverToReceiver(Sender sender) {
      Message message = sender.toReceiver.poll();
      if (message == null || (lossy && random.nextInt(50) == 0)) {
        return;
      }
      if (message instanceof Offer offer) {
        Optional<Budget.Account> account = budget.offer(offer);
        account.ifPresent(a -> memory.add(new InMemory(a, offer.weight())));
      } else if (message instanceof Hello hello) {
        Grant grant = budget.hello(hello, clock);
        sender.toSender.add(grant);
        push();
      }
    }

    /** Answers and grants come in any order, some never, some twice. */
    void deliverToSender(Sender sender) {
      if (sender.toSender.isEmpty()) {
        return;
      }
      int index = lossy ? random.nextInt(sender.toSender.size()) : 0;
      Message message = sender.toSender.get(index);
      if (!lossy || random.nextInt(10) > 0) {
        sender.toSender.remove(index);
      }
      if (lossy && random.nextInt(30) == 0) {
        return;
      }
      if (message instanceof Grant grant) {
        if (grant.session() > sender.purse.session()) {
          sender.purse.restart(grant);
        } else {
          sender.purse.take(grant);
        }
        serveLine(sender);
      } else if (message instanceof Recall recall && sender.purse.giveBack(recall)) {
        sayHello(sender);
      }
    }

    void completeOne() {
      if (!memory.isEmpty()) {
        InMemory done = memory.remove(random.nextInt(memory.size()));
        budget.complete(done.account(), done.weight());
        if (random.nextBoolean()) {
          Sender sender = senders.get(done.account().lane);
          budget.topUp(done.account(), 1).ifPresent(grant -> post(sender, grant));
        }
      }
    }

    void push() {
      budget.serve().forEach(grant -> post(senders.get(grant.getKey()), grant.getValue()));
      budget.recalls().forEach(recall -> post(senders.get(recall.getKey()), recall.getValue()));
    }

    void post(Sender sender, Message message) {
      if (sender != null) {
        sender.toSender.add(message);
      }
    }

    void check() {
      long inMemory = memory.stream().mapToLong(InMemory::weight).sum();
      assertThat(inMemory)
          .as("bytes in memory")
          .isEqualTo(budget.inFlight())
          .isLessThanOrEqualTo(TOTAL);
      assertThat(budget.out()).as("bytes granted").isBetween(inMemory, TOTAL);
    }

    /**
     * No more losses; everybody keeps saying hello until nothing is on its way, and who vanished is
     * given up.
     */
    void settle() {
      lossy = false;
      for (int round = 0; round < 40; round++) {
        List<Sender> all = List.copyOf(senders.values());
        all.forEach(this::sayHello);
        for (Sender sender : all) {
          while (!sender.toReceiver.isEmpty()) {
            deliverToReceiver(sender);
          }
        }
        while (!memory.isEmpty()) {
          completeOne();
        }
        push();
        for (Sender sender : all) {
          while (!sender.toSender.isEmpty()) {
            deliverToSender(sender);
          }
          serveLine(sender);
        }
        budget.expire(++clock - 5);
      }
      assertThat(budget.lanes()).isEqualTo(senders.size());
      long held = senders.values().stream().mapToLong(s -> s.purse.limit() - s.purse.spent()).sum();
      assertThat(budget.out())
          .as("granted = free at the senders, when nothing is in flight")
          .isEqualTo(held);
    }

    void checkHome() {
      assertThat(senders.values())
          .as("everybody got what they waited for")
          .allMatch(s -> s.want == 0);
      assertThat(budget.inFlight()).as("in flight").isZero();
      budget.expire(clock + 1);
      assertThat(budget.out()).as("still granted once every lane is given up").isZero();
    }
  }
}
