package io.sluice.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;

/**
 * One TCP connection, as sources see it. Confined to its event loop.
 *
 * <p>The one place that reaches below Vert.x's public face, for three things that it does not have:
 * a paused {@link NetSocket} goes on reading two dozen buffers before it stops the socket, which is
 * memory nobody counts; it closes the connection when the client has sent its last byte, so that no
 * receipt could follow; and its {@code close} waits for what was written to be sent, for ever when
 * the client does not read.
 */
public final class TcpConnection {
  private final NetSocketInternal socket;
  private final Channel channel;
  private final Context context;
  private boolean inputOver;

  TcpConnection(NetSocket socket, Context context) {
    this.socket = (NetSocketInternal) socket;
    this.channel = this.socket.channelHandlerContext().channel();
    this.context = context;
  }

  /** Passes on what happens. */
  void begin(TcpPeer peer, SharedReads reads) {
    reads.govern(channel.config());
    if (channel instanceof DuplexChannel) {
      channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    }
    ChannelHandlerContext last = socket.channelHandlerContext();
    channel.pipeline().addBefore(last.name(), "ended", new Ended(() -> ended(peer)));
    socket.messageHandler(message -> received(peer, message));
    socket.drainHandler(drained -> peer.drained());
  }

  private static void received(TcpPeer peer, Object message) {
    try {
      if (message instanceof ByteBuf bytes) {
        peer.received(bytes);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void ended(TcpPeer peer) {
    inputOver = true;
    context.runOnContext(now -> peer.ended());
  }

  /** Notices that the client has sent its last byte. */
  private static final class Ended extends ChannelInboundHandlerAdapter {
    private final Runnable told;

    Ended(Runnable told) {
      this.told = told;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext channel, Object event) {
      if (event instanceof ChannelInputShutdownEvent) {
        told.run();
      }
      channel.fireUserEventTriggered(event);
    }
  }

  /** The socket, for what is known of the client; it is not to be read, written or paused. */
  public NetSocket socket() {
    return socket;
  }

  /** Stops reading; the client is held up as soon as the buffers of both ends are full. */
  public void stopReading() {
    channel.config().setAutoRead(false);
  }

  /** Reads again, if anything can still come. */
  public void readOn() {
    if (inputOver) {
      // Netty closes a channel that is told to read on after its end.
      return;
    }
    channel.config().setAutoRead(true);
  }

  /** Sends a line of ASCII. */
  public void line(String text) {
    socket.write(Buffer.buffer(text + "\n", "US-ASCII"));
  }

  /** Whether the client is behind with reading. */
  public boolean writeQueueFull() {
    return socket.writeQueueFull();
  }

  /**
   * Says that nothing more will be sent, once all is. The other direction stays open, so that the
   * client can read what was sent last: closed at once, with bytes still arriving, the connection
   * would be reset.
   */
  @SuppressWarnings("FutureReturnValueIgnored") // It can only fail when the connection is gone.
  public void endOutput() {
    if (channel instanceof DuplexChannel duplex && !socket.isSsl()) {
      socket.write(Buffer.buffer()).onComplete(flushed -> duplex.shutdownOutput());
    } else {
      socket.close();
    }
  }

  /** Closes, once what was written is sent: never, if the client does not read. */
  public void close() {
    socket.close();
  }

  /** Closes at once, whatever the client has not read. */
  public void cut() {
    cut(channel);
  }

  /** Closes a socket at once, whatever the client has not read. To be called on its loop. */
  public static void cut(NetSocket socket) {
    cut(((NetSocketInternal) socket).channelHandlerContext().channel());
  }

  /** Past all handlers: that of Vert.x waits, and that of TLS would say farewell. */
  @SuppressWarnings("FutureReturnValueIgnored") // It can only fail when the connection is gone.
  private static void cut(Channel channel) {
    channel.pipeline().firstContext().close();
  }
}
