package io.sluice.source.websocket;

import io.sluice.net.TcpConnection;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.Optional;

/**
 * One WebSocket connection as RFC 6455 has it: frames in and out, pings, the closing handshake, and
 * the deadlines of a peer that goes silent or does not read. Confined to its endpoint's event loop.
 */
final class Connection implements Frames.Control {
  /** A peer that pings more often than this in a second wants something else. */
  static final int MAX_PINGS = 10;

  private static final long SECOND = 1_000_000_000L;

  /** How long a peer may take to answer a close frame. */
  private static final long CLOSE_MILLIS = 1000;

  private static final Buffer PING = ServerFrame.of(ServerFrame.PING, new byte[0]);

  private final Vertx vertx;
  private final NetSocket socket;
  private final Timing timing;
  private final Inbox inbox;
  private final Frames frames;
  private final Conversation conversation;
  private final WebSocketTelemetry telemetry;
  private long heard = System.nanoTime();
  private long pinged = heard;

  /** When the message that is still coming began; zero when there is none. */
  private long begun;

  /** Since when the peer has not read what was sent to it; zero when it has. */
  private long full;

  private long second;
  private int pings;
  private boolean held;
  private boolean reading = true;
  private boolean leaving;
  private boolean closing;
  private boolean over;

  /**
   * How long things may take; nanoseconds.
   *
   * @param ping without a word from the peer before it is pinged
   * @param silence without a word from the peer before it counts as gone
   * @param message from a message's first frame to its last
   * @param flush until the peer has read what was sent to it
   */
  record Timing(long ping, long silence, long message, long flush) {}

  Connection(
      Vertx vertx,
      NetSocket socket,
      Timing timing,
      Frames.Limits limits,
      Inbox inbox,
      Conversation conversation,
      WebSocketTelemetry telemetry) {
    this.vertx = vertx;
    this.socket = socket;
    this.timing = timing;
    this.inbox = inbox;
    this.frames = new Frames(limits, inbox, this);
    this.conversation = conversation;
    this.telemetry = telemetry;
  }

  void open() {
    socket.exceptionHandler(telemetry::broken).drainHandler(drained -> drained());
    socket.handler(this::received);
    conversation.open(this);
  }

  private void received(Buffer bytes) {
    heard = System.nanoTime();
    if (closing) {
      frames.feed(bytes);
    } else {
      conversation.arriving(bytes.length(), () -> read(bytes));
    }
  }

  private void read(Buffer bytes) {
    frames.feed(bytes);
    if (closing) {
      return;
    }
    begun = inbox.isComing() ? (begun == 0 ? System.nanoTime() : begun) : 0;
    conversation.arrived();
  }

  /** Reads nothing until {@link #proceed}. */
  void hold() {
    held = true;
    flow();
  }

  void proceed() {
    if (held) {
      held = false;
      flow();
    }
  }

  private void flow() {
    boolean read = closing || (!held && !leaving && full == 0);
    if (read != reading && !over) {
      reading = read;
      if (read) {
        // Nothing was heard while nothing was read.
        heard = System.nanoTime();
        begun = begun == 0 ? 0 : heard;
        socket.resume();
      } else {
        socket.pause();
      }
    }
  }

  /** Sends a frame, unless the connection is being closed. */
  void send(Buffer frame) {
    if (closing) {
      return;
    }
    socket.write(frame);
    if (full == 0 && socket.writeQueueFull()) {
      full = System.nanoTime();
      flow();
    }
  }

  private void drained() {
    full = 0;
    flow();
  }

  @Override
  public void pinged(byte[] payload) {
    if (heard - second > SECOND) {
      second = heard;
      pings = 0;
    }
    if (++pings > MAX_PINGS) {
      close(CloseCode.POLICY, "more than " + MAX_PINGS + " pings in a second");
    } else {
      send(ServerFrame.of(ServerFrame.PONG, payload));
    }
  }

  @Override
  public void ponged() {
    // That something came is all there is to know.
  }

  @Override
  public void violated(CloseCode code, String why) {
    conversation.arrived();
    close(code, why);
  }

  @Override
  public void closing(byte[] payload) {
    if (!closing) {
      conversation.arrived(); // what came with the close frame was sent before it
    }
    if (!closing) {
      telemetry.closedByPeer();
      // The same code goes back, and none for none (RFC 6455 section 5.5.1).
      say(ServerFrame.close(Frames.closeNumber(payload), ""));
      cutLater();
    }
    socket.close();
  }

  /** Closes with a reason, as far as the peer still listens. Does nothing the second time. */
  void close(CloseCode code, String why) {
    if (!closing) {
      telemetry.closed(code, why);
      say(ServerFrame.close(code.number(), why));
      cutLater();
    }
  }

  /** A peer that neither closes nor reads is not waited for. */
  private void cutLater() {
    vertx.setTimer(
        CLOSE_MILLIS,
        late -> {
          if (!over) {
            TcpConnection.cut(socket);
          }
        });
  }

  private void say(Buffer lastFrame) {
    closing = true;
    frames.skip();
    socket.write(lastFrame);
    flow();
    conversation.over();
  }

  /** Reads no more, and closes with what the conversation says when what was taken is settled. */
  void leave() {
    leave(CloseCode.RESTART, Optional.empty());
  }

  /** Reads no more, and closes for a reason when what was taken is settled. */
  void leave(CloseCode code, Optional<String> reason) {
    if (!leaving && !closing) {
      leaving = true;
      flow();
      conversation.finish().onSuccess(last -> close(code, reason.orElse(last)));
    }
  }

  /** Looks at the deadlines. */
  void check(long now) {
    if (closing) {
      return;
    }
    if (full != 0 && now - full > timing.flush()) {
      close(CloseCode.TRY_LATER, "what was sent is not read");
      return;
    }
    if (reading && now - heard > timing.silence()) {
      close(CloseCode.POLICY, "silent for too long");
    } else if (begun != 0 && reading && now - begun > timing.message()) {
      close(CloseCode.POLICY, "a message did not arrive in time");
    } else if (now - Math.max(heard, pinged) > timing.ping() && full == 0) {
      pinged = now;
      send(PING.copy());
    }
  }

  /** The socket is closed. */
  void gone() {
    over = true;
    if (!closing) {
      closing = true;
      telemetry.aborted();
      conversation.over();
    }
  }

  /** Closes at once. */
  void cut() {
    close(CloseCode.RESTART, "");
    socket.close();
  }
}
