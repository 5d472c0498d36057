package io.sluice.flow;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.function.Function;

/** How inlets ask a stream how far it is in a client's session. */
public final class SessionDoor {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int FAILED = 2;

  private SessionDoor() {}

  private static String address(String stream) {
    return StreamInlet.address(stream) + ".sessions";
  }

  static Future<Long> through(Vertx vertx, String stream, String session) {
    return vertx
        .eventBus()
        .<Message>request(
            address(stream), new Message.Through(session), ByReference.options(PATIENCE))
        .map(reply -> ((Message.Reached) reply.body()).number());
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
