package io.sluice.flow;

import io.sluice.flow.Message.Bye;
import io.sluice.flow.Message.Farewell;
import io.sluice.flow.Message.Grant;
import io.sluice.flow.Message.Hello;
import io.sluice.flow.Message.Offer;
import io.sluice.flow.Message.Recall;
import io.sluice.flow.Message.Settled;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * The sending end of a hop: spends what an {@link Intake} granted, and lets who has more to send
 * stand in a {@link Line} in which every party gets its turn.
 *
 * <p>Opened on an event loop and confined to it. Survives the intake: while there is none, credit
 * does not come; when there is one again, it starts a new session, and what was in flight to the
 * old one fails, because nobody knows what became of it.
 *
 * @param <T> what is sent
 * @param <R> what is answered
 */
public final class Lane<T, R> {
  static final int NOT_TAKEN = 1;

  /**
   * An answer may take as long as the slowest sink; a lost one is noticed by the next session, not
   * by this.
   */
  private static final Duration PATIENCE = Duration.ofDays(1);

  private static final Duration SEEK = Duration.ofMillis(25);

  /** The times it is tried before the beat is enough. */
  private static final int SEEKING = 200;

  /** How much later than its successor an intake may be heard of. */
  private static final Duration LATE = Duration.ofSeconds(1);

  private final Vertx vertx;
  private final String address;
  private final String name = "sluice.lane." + UUID.randomUUID();
  private final Purse purse = new Purse();
  private final DrainRate rate = new DrainRate(System.nanoTime());
  private final Line<Waiter> line = new Line<>();

  private final InFlight<R> inFlight = new InFlight<>();
  private MessageConsumer<Message> consumer;
  private long timer;
  private Runnable drained = () -> {};
  private int beats;
  private boolean asking;
  private boolean closed;

  private Lane(Vertx vertx, String address) {
    this.vertx = vertx;
    this.address = address;
    this.consumer = vertx.eventBus().localConsumer(name);
  }

  /** Opens a lane to the intake at an address, which need not be there yet. */
  public static <T, R> Lane<T, R> open(Vertx vertx, String address) {
    Lane<T, R> lane = new Lane<>(vertx, address);
    lane.listen();
    lane.hello();
    return lane;
  }

  private void listen() {
    consumer.handler(
        message -> {
          heard(message.body());
          if (message.replyAddress() != null) {
            message.reply(message.body(), ByReference.options());
          }
        });
    timer = vertx.setPeriodic(Flow.BEAT.toMillis(), beat -> beat());
  }

  /**
   * Lives on in the context that calls, which is one of the same event loop: the verticle it was
   * opened in may end, and with a verticle end its consumers and timers.
   */
  void move() {
    if (!closed) {
      MessageConsumer<Message> before = consumer;
      vertx.cancelTimer(timer);
      consumer = vertx.eventBus().localConsumer(name);
      listen();
      inFlight.endPast();
      before.unregister();
      hello();
    }
  }

  /** Called on the event loop whenever credit came that nobody in line took. */
  public void onDrain(Runnable handler) {
    drained = handler;
  }

  /** Bytes that can be held at this moment. */
  public long free() {
    return line.isEmpty() ? Math.max(0, purse.free()) : 0;
  }

  /** Bytes held for content that is not sent yet. */
  public long held() {
    return purse.held();
  }

  /** The heaviest content that the intake can ever take. Bytes. */
  public long most() {
    return purse.most();
  }

  /**
   * Whether nobody knows yet what became of something that was sent to the intake before this one.
   * Who sends more meanwhile may send it ahead of what has to be sent again. It ends with the
   * answers, a second after the new session began at the latest.
   */
  public boolean inDoubt() {
    return inFlight.owedByPast();
  }

  /** When {@code who} could send {@code bytes} more, going by how fast credit came lately. */
  public Duration expected(Object who, long bytes) {
    return rate.time(bytes + line.ahead(who, bytes), System.nanoTime());
  }

  /** Sets bytes aside now, if they are free and nobody stands in line. */
  boolean tryHold(Ask ask) {
    return !closed && line.isEmpty() && purse.hold(ask);
  }

  /**
   * Sets bytes aside, standing in line for them if need be.
   *
   * @return whether they are held now; false when the wait was over first, or the lane closed
   */
  public Future<Boolean> hold(long bytes, Duration wait) {
    return hold(Ask.alone(bytes), wait);
  }

  /**
   * Sets bytes aside for one of several parties, each of which is given as many as any other when
   * there are not enough for all. Large content leaves some free, so that small content of another
   * need not wait for it to come home.
   *
   * @see #hold(long, Duration)
   */
  Future<Boolean> hold(Ask ask, Duration wait) {
    if (tryHold(ask)) {
      return Future.succeededFuture(true);
    }
    if (closed || wait.toMillis() <= 0) {
      askSoon();
      return Future.succeededFuture(false);
    }
    Waiter waiter = new Waiter(vertx, line, ask, wait, this::giveUp);
    if (line.first() == waiter.place()) {
      if (purse.hold(ask)) {
        serve(waiter);
      } else {
        hello();
      }
    }
    return waiter.future();
  }

  private void serve(Waiter first) {
    line.serve(first.place());
    first.served(true);
  }

  private void giveUp(Waiter late) {
    boolean first = line.first() == late.place();
    line.leave(late.place());
    late.served(false);
    if (first) {
      giveWay();
    }
  }

  /**
   * The first in line has given up: the next may need less, and the intake must not keep credit for
   * nobody.
   */
  private void giveWay() {
    advance();
    if (!closed) {
      hello();
    }
  }

  /** Those who stand in line for one of these parties stand there no longer: they hold nothing. */
  void dismiss(Predicate<Object> who) {
    Line.Place<Waiter> first = line.first();
    List<Line.Place<Waiter>> dismissed = line.places(who);
    dismissed.forEach(line::leave);
    dismissed.forEach(place -> place.waiting().served(false));
    if (!closed && first != null && dismissed.contains(first)) {
      giveWay();
    }
  }

  /** Gives held bytes back unspent. */
  public void release(long bytes) {
    purse.unhold(bytes);
    advance();
  }

  /**
   * Sends content for which {@code weight} bytes are held.
   *
   * @return the answer; fails with {@link NotTakenException} when it was surely not taken, and with
   *     anything else when nobody can tell
   */
  public Future<R> offer(T content, long weight) {
    if (closed || !purse.covers(weight)) {
      purse.unhold(weight);
      advance();
      return Future.failedFuture(new NotTakenException());
    }
    long from = purse.spend(weight);
    Promise<R> answer = inFlight.offered(from);
    vertx
        .eventBus()
        .<Message>request(
            address,
            new Offer(name, purse.session(), from, weight, content),
            ByReference.options(PATIENCE))
        .onComplete(reply -> answered(answer, reply));
    return answer.future();
  }

  private void answered(
      Promise<R> answer, AsyncResult<io.vertx.core.eventbus.Message<Message>> reply) {
    inFlight.answered(answer);
    if (reply.failed()) {
      answer.tryFail(surelyNotTaken(reply.cause()) ? new NotTakenException() : reply.cause());
      return;
    }
    Settled settled = (Settled) reply.result().body();
    if (settled.grant() != null) {
      granted(settled.grant());
    }
    @SuppressWarnings("unchecked")
    R result = (R) settled.answer();
    answer.tryComplete(result);
  }

  private static boolean surelyNotTaken(Throwable failure) {
    return failure instanceof ReplyException reply
        && (reply.failureType() == ReplyFailure.NO_HANDLERS
            || (reply.failureType() == ReplyFailure.RECIPIENT_FAILURE
                && reply.failureCode() == NOT_TAKEN));
  }

  private void heard(Message message) {
    if (message instanceof Grant grant) {
      granted(grant);
    } else if (message instanceof Recall recall && purse.giveBack(recall)) {
      hello();
    } else if (message instanceof Farewell farewell) {
      if (farewell.session() == purse.session()) {
        inFlight.turnedAway(farewell.received());
        seek(farewell.session(), SEEKING);
      } else {
        inFlight.turnedAwayBefore(farewell.session(), farewell.received());
      }
    }
  }

  /** Looks for the next intake more often than a beat comes: those in line wait for it. */
  private void seek(long left, int triesLeft) {
    if (!closed && purse.session() == left && triesLeft > 0) {
      hello();
      vertx.setTimer(SEEK.toMillis(), again -> seek(left, triesLeft - 1));
    }
  }

  private void granted(Grant grant) {
    long before = purse.limit();
    if (purse.take(grant)) {
      rate.came(purse.limit() - before, System.nanoTime());
      advance();
    }
  }

  /** Serves the line as far as credit goes. */
  private void advance() {
    Line.Place<Waiter> first = line.first();
    while (first != null && purse.hold(first.waiting().ask())) {
      serve(first.waiting());
      first = line.first();
    }
    if (first != null) {
      askSoon();
    } else if (purse.free() > 0) {
      drained.run();
    }
  }

  private void beat() {
    beats++;
    boolean waiting = !line.isEmpty() || !inFlight.isEmpty();
    if (waiting || purse.session() == 0 || beats % Flow.CALM == 0) {
      hello();
    }
  }

  /** Asks the intake for its session and credit, unless an answer is on its way. */
  void askSoon() {
    if (!asking && !closed) {
      hello();
    }
  }

  private void hello() {
    asking = true;
    vertx
        .eventBus()
        .<Message>request(
            address,
            new Hello(
                name, purse.session(), purse.version(), purse.limit(), purse.spent(), wanted()),
            ByReference.options(Flow.SILENCE))
        .onComplete(
            reply -> {
              asking = false;
              if (reply.succeeded()) {
                welcomed((Grant) reply.result().body());
              }
            });
  }

  private long wanted() {
    Line.Place<Waiter> first = line.first();
    return first == null ? 0 : purse.wanted(first.waiting().ask());
  }

  private void welcomed(Grant grant) {
    if (grant.session() == purse.session()) {
      granted(grant);
    } else if (grant.session() > purse.session() && !closed) {
      inFlight
          .restart(purse.session())
          .ifPresent(end -> vertx.setTimer(LATE.toMillis(), late -> end.run()));
      purse.restart(grant);
      advance();
    }
  }

  /** Gives all credit back and holds no more. What is in flight is still answered. */
  public Future<Void> close() {
    if (closed) {
      return Future.succeededFuture();
    }
    closed = true;
    vertx.cancelTimer(timer);
    inFlight.endPast();
    dismiss(who -> true);
    vertx.eventBus().send(address, new Bye(name, purse.session()), ByReference.options());
    return consumer.unregister();
  }
}
