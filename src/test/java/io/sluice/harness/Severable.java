package io.sluice.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * A TCP proxy to a port of this host, for networks that fail: it can pass everything on, swallow it
 * without a word as a dead network does, or cut every connection and refuse new ones. Threads of
 * its own; any thread may switch it.
 */
public final class Severable implements AutoCloseable {
  private enum State {
    PASSING,
    SWALLOWING,
    CUT
  }

  private static final int BUFFER = 16 << 10;
  private final ServerSocket server;
  private final int target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile State state = State.PASSING;

  /** Passes everything on. */
  public Severable(int target) throws IOException {
    this.target = target;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    daemon(this::accept);
  }

  public int port() {
    return server.getLocalPort();
  }

  /** Passes on what comes from now on; connections that were swallowed stay dead. */
  public void pass() {
    state = State.PASSING;
  }

  /** Takes everything, passes nothing on, and says nothing. */
  public void swallow() {
    state = State.SWALLOWING;
  }

  /** Resets every connection, and every new one. */
  public void cut() {
    state = State.CUT;
    open.forEach(Severable::reset);
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        if (state == State.CUT) {
          reset(client);
        } else {
          open.add(client);
          daemon(() -> join(client));
        }
      }
    } catch (IOException closed) {
      // The end.
    }
  }

  private void join(Socket client) {
    Socket upstream = new Socket();
    open.add(upstream);
    try {
      upstream.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
      daemon(() -> copy(upstream, client));
      copy(client, upstream);
    } catch (IOException gone) {
      reset(client);
      reset(upstream);
    }
  }

  private void copy(Socket from, Socket to) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[BUFFER];
      boolean dead = false;
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        // What was lost on the way is not made good: the connection is of no use any more.
        dead |= state == State.SWALLOWING;
        if (!dead) {
          out.write(buffer, 0, count);
          out.flush();
        }
      }
      while (state == State.SWALLOWING) {
        LockSupport.parkNanos(1_000_000);
      }
    } catch (IOException gone) {
      // The other side hears of it.
    } finally {
      open.remove(from);
      open.remove(to);
    }
  }

  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException gone) {
      // It is closed already.
    }
  }

  private static void daemon(Runnable what) {
    Thread thread = new Thread(what, "severable");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cut();
  }
}
