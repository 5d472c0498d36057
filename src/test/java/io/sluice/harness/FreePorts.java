package io.sluice.harness;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for processes that have to be told theirs.
 *
 * <p>They are taken below the range from which the kernel serves outgoing connections (32768 and
 * up), because a port out of it may be in use again by the time the process binds it.
 */
public final class FreePorts {
  private FreePorts() {}

  /** A port of 127.0.0.1 that nobody listens on. */
  public static int next() {
    for (int attempt = 0; attempt < 200; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(10_000, 32_000);
      try (ServerSocket probe = new ServerSocket()) {
        probe.setReuseAddress(true);
        probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return port;
      } catch (IOException taken) {
        // The next one, then.
      }
    }
    throw new AssertionError("no free port in 200 attempts");
  }
}
