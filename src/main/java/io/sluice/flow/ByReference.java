package io.sluice.flow;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.MessageCodec;
import java.time.Duration;

/**
 * Passes immutable values over the local event bus without copying them. Refuses to leave the
 * process.
 */
final class ByReference implements MessageCodec<Message, Message> {
  private static final String NAME = "sluice.reference";

  /** Makes the codec known to a Vert.x instance; once for each. */
  static void register(Vertx vertx) {
    vertx.eventBus().registerCodec(new ByReference());
  }

  static DeliveryOptions options() {
    return new DeliveryOptions().setCodecName(NAME).setLocalOnly(true);
  }

  static DeliveryOptions options(Duration timeout) {
    return options().setSendTimeout(timeout.toMillis());
  }

  @Override
  public Message transform(Message message) {
    return message;
  }

  @Override
  public void encodeToWire(Buffer buffer, Message message) {
    throw new UnsupportedOperationException("batches stay in the process");
  }

  @Override
  public Message decodeFromWire(int pos, Buffer buffer) {
    throw new UnsupportedOperationException("batches stay in the process");
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public byte systemCodecID() {
    return -1;
  }
}
