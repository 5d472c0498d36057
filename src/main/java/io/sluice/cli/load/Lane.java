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
  private final boolean receipts;
  private final long[] intended;
  private AnswerScanner scanner;
  private @Nullable SocketChannel channel;
  private @Nullable SelectionKey key;
  private @Nullable Wire wire;
  private @Nullable ByteBuffer unwritten;
  private @Nullable ByteBuffer reply;
  private boolean writesRequest;
  private boolean shaken;
  private boolean open;
  private int oldest;
  private int waiting;

  /** Whether the loop has it in its queue of lanes to send on; kept by the loop. */
  boolean queued;

  Lane(LoadLoop loop, RequestBytes request, Load load) {
    this.loop = loop;
    this.request = request;
    this.receipts = load.receipts();
    this.scanner = loop.scanner();
    this.intended = new long[receipts ? load.pipeline() : 1];
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

  boolean canSend() {
    return open && waiting < intended.length && unwritten == null;
  }

  int waiting() {
    return waiting;
  }

  /** Writes a request whose events are numbered from {@code first} on. */
  void send(long first, long intendedNanos) {
    intended[(oldest + waiting) % intended.length] = intendedNanos;
    waiting++;
    unwritten = request.numbered(first);
    writesRequest = true;
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
        wire = loop.wire(socket);
        registered.interestOps(SelectionKey.OP_READ);
      }
      Wire connected = wire;
      if (connected == null) {
        return;
      }
      if (!shaken) {
        shake(connected, registered);
      } else if (registered.isWritable()) {
        write();
      }
      if (shaken) {
        read(connected, scratch);
      }
    } catch (IOException e) {
      fail(e);
    }
  }

  private void shake(Wire connected, SelectionKey registered) throws IOException {
    shaken = connected.shake();
    registered.interestOps(
        connected.full() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    if (shaken) {
      unwritten = scanner.greeting();
      write();
    }
  }

  private void write() throws IOException {
    Wire connected = wire;
    SelectionKey registered = key;
    if (connected == null || registered == null || unwritten == null) {
      return;
    }
    if (!connected.write(unwritten)) {
      registered.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
      return;
    }
    boolean settles = writesRequest && !receipts;
    unwritten = reply;
    reply = null;
    writesRequest = false;
    if (settles) {
      settle(LoadLoop.WRITTEN);
    }
    if (unwritten != null) {
      write();
    } else if (registered.interestOps() != SelectionKey.OP_READ) {
      registered.interestOps(SelectionKey.OP_READ);
      loop.sendable(this);
    }
  }

  private void read(Wire connected, ByteBuffer scratch) throws IOException {
    scratch.clear();
    int count = connected.read(scratch);
    scratch.flip();
    if (!open && count >= 0 && scanner.greeted(scratch)) {
      open = true;
      loop.opened(this);
    }
    while (open && scanner.scan(scratch)) {
      if (waiting == 0) {
        throw new IOException("an answer came that nobody asked for");
      }
      settle(scanner.status());
      if (!scanner.keepAlive()) {
        count = -1;
        break;
      }
    }
    reply(scanner.reply());
    if (count < 0) {
      fail(new EOFException("closed by the server"));
    } else {
      loop.sendable(this);
    }
  }

  private void reply(@Nullable ByteBuffer next) throws IOException {
    if (next != null && unwritten == null) {
      unwritten = next;
      write();
    } else if (next != null) {
      reply = next;
    }
  }

  private void settle(int status) {
    long at = intended[oldest];
    oldest = (oldest + 1) % intended.length;
    waiting--;
    loop.answered(at, status);
  }

  private void fail(IOException reason) {
    boolean wasOpen = open;
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
    wire = null;
    unwritten = null;
    reply = null;
    writesRequest = false;
    shaken = false;
    open = false;
    scanner = loop.scanner();
  }
}
