package io.sluice.flow;

import io.sluice.flow.Message.Bye;
import io.sluice.flow.Message.Hello;
import io.sluice.flow.Message.Offer;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The receiving end of a hop: takes parcels from every {@link Lane} that opens on its address, and
 * never has more bytes of them in memory than its budget.
 *
 * <p>Opened on an event loop and confined to it.
 *
 * @param <T> what arrives
 * @param <R> what is answered
 */
public final class Intake<T, R> {
  private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

  /** A push of credit is worth its message from this part of a lane's share on. */
  private static final int WORTH = 4;

  private static final int FAREWELLS = 5;
  private static final Duration HEARD = Duration.ofMillis(100);

  private final Vertx vertx;
  private final String address;
  private final Budget budget;
  private final Handler<Parcel<T, R>> handler;
  private final MessageConsumer<Message> consumer;
  private final long timer;
  private final Set<Budget.Account> dirty = new LinkedHashSet<>();
  private boolean closed;
  private final Parcel.Desk desk =
      new Parcel.Desk() {
        @Override
        public void complete(Budget.Account account, long weight) {
          budget.complete(account, weight);
          touch(account);
        }

        @Override
        public Optional<Message.Grant> topUp(Budget.Account account) {
          return closed ? Optional.empty() : budget.topUp(account, 1);
        }
      };

  private Intake(Vertx vertx, String address, long bytes, Handler<Parcel<T, R>> handler) {
    this.vertx = vertx;
    this.address = address;
    this.budget = new Budget(bytes, System.nanoTime());
    this.handler = handler;
    this.consumer = vertx.eventBus().localConsumer(address);
    this.timer = vertx.setPeriodic(Flow.SILENCE.toMillis() / 4, tick -> expire());
  }

  /**
   * Starts receiving.
   *
   * @param bytes the budget: more is never in memory of what came this way
   * @param handler takes each parcel, on this event loop
   */
  public static <T, R> Intake<T, R> open(
      Vertx vertx, String address, long bytes, Handler<Parcel<T, R>> handler) {
    Intake<T, R> intake = new Intake<>(vertx, address, bytes, handler);
    intake.consumer.handler(intake::receive);
    return intake;
  }

  private void receive(io.vertx.core.eventbus.Message<Message> message) {
    Message body = message.body();
    if (body instanceof Offer offer) {
      @SuppressWarnings("unchecked")
      var asked = (io.vertx.core.eventbus.Message<Offer>) (Object) message;
      offered(asked, offer);
    } else if (body instanceof Hello hello) {
      message.reply(budget.hello(hello, System.nanoTime()), ByReference.options());
      serve();
    } else if (body instanceof Bye bye) {
      budget.bye(bye.lane(), bye.session());
      serve();
    } else {
      LOG.atError().addKeyValue("address", address).log("unexpected message on a lane");
    }
  }

  private void offered(io.vertx.core.eventbus.Message<Offer> message, Offer offer) {
    Optional<Budget.Account> account = closed ? Optional.empty() : budget.offer(offer);
    if (account.isEmpty()) {
      message.fail(Lane.NOT_TAKEN, "offer outside of the lane's session or credit");
      return;
    }
    @SuppressWarnings("unchecked")
    T content = (T) offer.content();
    handler.handle(new Parcel<>(content, offer.weight(), account.get(), desk, message));
  }

  /**
   * Credit came home: tells the lane at the end of this turn, unless an answer carries it before.
   */
  private void touch(Budget.Account account) {
    if (dirty.isEmpty()) {
      vertx.runOnContext(end -> push());
    }
    dirty.add(account);
  }

  private void push() {
    for (Budget.Account account : closed ? Set.<Budget.Account>of() : dirty) {
      budget
          .topUp(account, Math.max(1, budget.total() / Math.max(1, budget.lanes()) / WORTH))
          .ifPresent(grant -> vertx.eventBus().send(account.lane, grant, ByReference.options()));
    }
    dirty.clear();
    serve();
  }

  private void serve() {
    if (closed) {
      return;
    }
    budget
        .serve()
        .forEach(g -> vertx.eventBus().send(g.getKey(), g.getValue(), ByReference.options()));
    budget
        .recalls()
        .forEach(r -> vertx.eventBus().send(r.getKey(), r.getValue(), ByReference.options()));
  }

  private void expire() {
    for (String lane : budget.expire(System.nanoTime() - Flow.SILENCE.toNanos())) {
      LOG.atWarn()
          .addKeyValue("address", address)
          .addKeyValue("lane", lane)
          .log("lane fell silent, its credit is taken back");
    }
    serve();
  }

  /** Changes the budget; a smaller one takes effect as credit comes home. */
  public void resize(long bytes) {
    boolean more = bytes > budget.total();
    budget.resize(bytes);
    if (more) {
      serve();
    }
  }

  /** The budget, in bytes. */
  public long budget() {
    return budget.total();
  }

  /** How many lanes lead here. */
  int lanes() {
    return budget.lanes();
  }

  /** Bytes granted and not yet home. */
  public long granted() {
    return budget.out();
  }

  /** Bytes that arrived and are not complete. */
  public long inFlight() {
    return budget.inFlight();
  }

  /**
   * Takes nothing more, and tells the lanes what it did take. Parcels that arrived before can still
   * be answered.
   */
  public Future<Void> close() {
    closed = true;
    vertx.cancelTimer(timer);
    Future<Void> unheard = consumer.unregister();
    // What was on its way is dropped by the bus without a word to whoever sent it.
    budget.farewells().forEach(each -> tell(each.getKey(), each.getValue(), FAREWELLS));
    return unheard;
  }

  /** A lane that is moving may not hear the first time. */
  private void tell(String lane, Message.Farewell farewell, int triesLeft) {
    vertx
        .eventBus()
        .<Message>request(lane, farewell, ByReference.options(HEARD))
        .onFailure(
            unheard -> {
              if (triesLeft > 1
                  && unheard instanceof ReplyException reply
                  && reply.failureType() == ReplyFailure.TIMEOUT) {
                tell(lane, farewell, triesLeft - 1);
              }
            });
  }
}
