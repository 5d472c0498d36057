package io.sluice.cli.load;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * One connection: at most {@code pipeline} requests on the way, answered in order.
 *
 * <p>Confined to its loop. After a failure it may be opened again; requests on the way are lost and
 * told to the loop.
 */
final class Lane {
  private final LoadLoop loop;
  private final RequestBytes request;
  private final long[] intended;
  private AnswerScanner scanner;
  private @Nullable SocketChannel channel;
  private @Nullable SelectionKey key;
  private @Nullable ByteBuffer unwritten;
  private int oldest;
  private int waiting;

  /** Whether the loop has it in its queue of lanes to send on; kept by the loop. */
  boolean queued;

  Lane(LoadLoop loop, RequestBytes request, int pipeline) {
    this.loop = loop;
    this.request = request;
    this.scanner = loop.scanner();
    this.intended = new long[pipeline];
  }

  void open(Selector selector, InetSocketAddress address) {
    try {
      SocketChannel opening = SocketChannel.open();
      channel = opening;
      opening.configureBlocking(false);
      opening.setOption(StandardSocketOptions.TCP_NODELAY, true);
      key = opening.register(selector, SelectionKey.OP_CONNECT, this);
      opening.connect(address);
    } catch (IOException e) {
      fail(e);
    }
  }

  boolean isOpen() {
    return channel != null && channel.isConnected();
  }

  boolean canSend() {
    return isOpen() && waiting < intended.length && unwritten == null;
  }

  int waiting() {
    return waiting;
  }

  /** Writes a request whose events are numbered from {@code first} on. */
  void send(long first, long intendedNanos) {
    intended[(oldest + waiting) % intended.length] = intendedNanos;
    waiting++;
    unwritten = request.numbered(first);
    try {
      write();
    } catch (IOException e) {
      fail(e);
    }
  }

  /** Does what the socket is ready for. */
  void ready(ByteBuffer scratch) {
    SocketChannel socket = channel;
    SelectionKey registered = key;
    if (socket == null || registered == null) {
      return;
    }
    try {
      if (registered.isConnectable() && socket.finishConnect()) {
        registered.interestOps(SelectionKey.OP_READ);
        loop.opened(this);
      }
      if (registered.isWritable()) {
        write();
      }
      if (registered.isReadable()) {
        read(socket, scratch);
      }
    } catch (IOException e) {
      fail(e);
    }
  }

  private void write() throws IOException {
    SocketChannel socket = channel;
    SelectionKey registered = key;
    if (socket == null || registered == null || unwritten == null) {
      return;
    }
    socket.write(unwritten);
    if (unwritten.hasRemaining()) {
      registered.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
    } else {
      unwritten = null;
      if (registered.interestOps() != SelectionKey.OP_READ) {
        registered.interestOps(SelectionKey.OP_READ);
        loop.sendable(this);
      }
    }
  }

  private void read(SocketChannel socket, ByteBuffer scratch) throws IOException {
    scratch.clear();
    int count = socket.read(scratch);
    scratch.flip();
    while (scanner.scan(scratch)) {
      if (waiting == 0) {
        throw new IOException("an answer came that nobody asked for");
      }
      long at = intended[oldest];
      oldest = (oldest + 1) % intended.length;
      waiting--;
      loop.answered(at, scanner.status());
      if (!scanner.keepAlive()) {
        count = -1;
        break;
      }
    }
    if (count < 0) {
      fail(new EOFException("closed by the server"));
    } else {
      loop.sendable(this);
    }
  }

  private void fail(IOException reason) {
    boolean wasOpen = isOpen();
    close();
    for (; waiting > 0; waiting--) {
      loop.lost(intended[oldest], reason);
      oldest = (oldest + 1) % intended.length;
    }
    loop.closed(this, wasOpen, reason);
  }

  /** Counts every request on the way as lost, and closes. */
  void giveUp() {
    close();
    for (; waiting > 0; waiting--) {
      loop.lost(intended[oldest], new IOException("no answer by the end of the run"));
      oldest = (oldest + 1) % intended.length;
    }
  }

  private void close() {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        // Nothing is left that could be done with it.
      }
    }
    channel = null;
    key = null;
    unwritten = null;
    scanner = loop.scanner();
  }
}
