package io.sluice.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;

/**
 * How many bytes are read at once: few from a connection that sends little, up to a mebibyte from
 * one that streams, and never more over all connections of an event loop than {@link #AHEAD}. So
 * what was read before the loop could be told to stop is bounded, however many stream.
 *
 * <p>One an event loop, and confined to it.
 */
final class SharedReads {
  /** Read from all connections in one turn, at the most. Bytes. */
  static final int AHEAD = 16 << 20;

  static final int LEAST = 2 << 10;
  private static final int MOST = 1 << 20;

  /** Reads of one connection before the next has its turn. */
  private static final int IN_A_ROW = 4;

  private int connections;

  void opened() {
    connections++;
  }

  void closed() {
    connections--;
  }

  /** Bytes to read at once from one of the connections. */
  int most() {
    return Math.max(LEAST, Math.min(MOST, AHEAD / IN_A_ROW / Math.max(1, connections)));
  }

  /** Has the channel read so from now on; before its first read. */
  void govern(ChannelConfig channel) {
    AdaptiveRecvByteBufAllocator adaptive = new AdaptiveRecvByteBufAllocator(256, LEAST, MOST);
    adaptive.maxMessagesPerRead(IN_A_ROW);
    channel.setRecvByteBufAllocator(new Bounded(adaptive));
  }

  private final class Bounded implements RecvByteBufAllocator {
    private final RecvByteBufAllocator adaptive;

    Bounded(RecvByteBufAllocator adaptive) {
      this.adaptive = adaptive;
    }

    @Override
    public ExtendedHandle newHandle() {
      return new BoundedHandle((ExtendedHandle) adaptive.newHandle());
    }
  }

  /** Netty's, but for the size. */
  private final class BoundedHandle extends RecvByteBufAllocator.DelegatingHandle
      implements RecvByteBufAllocator.ExtendedHandle {
    private final RecvByteBufAllocator.ExtendedHandle adaptive;

    BoundedHandle(RecvByteBufAllocator.ExtendedHandle adaptive) {
      super(adaptive);
      this.adaptive = adaptive;
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator allocator) {
      return allocator.ioBuffer(guess());
    }

    @Override
    public int guess() {
      return Math.min(adaptive.guess(), most());
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
      return adaptive.continueReading(maybeMore);
    }
  }
}
