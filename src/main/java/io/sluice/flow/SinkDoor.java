package io.sluice.flow;

import io.sluice.event.Position;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Where a sink is found on the event bus, and how it is asked where it stands. */
public final class SinkDoor {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private SinkDoor() {}

  /** Where a sink's intake listens. */
  public static String address(String sink) {
    return "sluice.sink." + sink;
  }

  private static String standingAddress(String sink) {
    return address(sink) + ".standing";
  }

  /**
   * Asks a sink for the position it keeps of a stream.
   *
   * @return empty when the stream is to keep it; fails while the sink is not open
   */
  public static Future<Optional<Position>> standing(Vertx vertx, String sink, String stream) {
    return vertx
        .eventBus()
        .<Message>request(
            standingAddress(sink), new Message.Asked(stream), ByReference.options(PATIENCE))
        .map(reply -> Optional.ofNullable(((Message.Stands) reply.body()).held()));
  }

  /** Answers feeds from now on, with the positions a sink keeps itself, by stream. */
  public static MessageConsumer<?> answer(Vertx vertx, String sink, Map<String, Position> held) {
    return vertx
        .eventBus()
        .<Message>localConsumer(
            standingAddress(sink),
            message -> {
              Message.Asked asked = (Message.Asked) message.body();
              message.reply(new Message.Stands(held.get(asked.stream())), ByReference.options());
            });
  }
}
