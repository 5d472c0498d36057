package io.sluice.flow;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** How inlets ask a stream how far it is in a client's session. */
public final class SessionDoor {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** An answer comes when nothing of the session is under way any more. */
  private static final Duration ATTEMPT = Duration.ofSeconds(10);

  private static final Duration AGAIN = Duration.ofMillis(50);
  private static final int FAILED = 2;

  private SessionDoor() {}

  private static String address(String stream) {
    return StreamInlet.address(stream) + ".sessions";
  }

  /** Waits for a stream that is being replaced. */
  static Future<Long> through(Vertx vertx, String stream, String session) {
    return through(vertx, stream, session, System.nanoTime() + PATIENCE.toNanos());
  }

  private static Future<Long> through(Vertx vertx, String stream, String session, long deadline) {
    return vertx
        .eventBus()
        .<Message>request(
            address(stream), new Message.Through(session), ByReference.options(ATTEMPT))
        .map(reply -> ((Message.Reached) reply.body()).number())
        .recover(
            failure ->
                unheard(failure) && System.nanoTime() - deadline < 0
                    ? vertx
                        .timer(AGAIN.toMillis(), TimeUnit.MILLISECONDS)
                        .compose(over -> through(vertx, stream, session, deadline))
                    : Future.failedFuture(failure));
  }

  private static boolean unheard(Throwable failure) {
    return failure instanceof ReplyException reply
        && reply.failureType() != ReplyFailure.RECIPIENT_FAILURE;
  }

  /** Answers inlets from now on, on this event loop. */
  public static MessageConsumer<?> answer(
      Vertx vertx, String stream, Function<String, Future<Long>> through) {
    return vertx
        .eventBus()
        .<Message>localConsumer(
            address(stream),
            message ->
                through
                    .apply(((Message.Through) message.body()).session())
                    .onSuccess(
                        number -> message.reply(new Message.Reached(number), ByReference.options()))
                    .onFailure(failure -> message.fail(FAILED, "the stream cannot tell")));
  }
}
