package io.sluice.bench;

import io.sluice.cli.load.LoadResult;
import io.sluice.cli.target.Protocol;
import io.sluice.harness.ChildJvm;
import io.sluice.harness.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** {@link BareServer} in a process of its own. */
final class BareProcess implements Server {
  private final ChildJvm child;
  private final int port;

  private BareProcess(ChildJvm child, int port) {
    this.child = child;
    this.port = port;
  }

  static BareProcess start(Path directory, List<String> options) {
    int port = FreePorts.next();
    List<String> command = new ArrayList<>(options);
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            BareServer.class.getName(),
            Integer.toString(port),
            Integer.toString(Runtime.getRuntime().availableProcessors())));
    ChildJvm child =
        ChildJvm.start(Path.of("").toAbsolutePath(), directory.resolve("bare.log"), command);
    BareProcess bare = new BareProcess(child, port);
    bare.awaitListening();
    return bare;
  }

  private void awaitListening() {
    for (int attempt = 0; attempt < 500 && child.alive(); attempt++) {
      try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (IOException notYet) {
        LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
      }
    }
    throw new AssertionError("bare Vert.x does not listen:\n" + child.output());
  }

  @Override
  public String name() {
    return "bare Vert.x";
  }

  @Override
  public URI url(Protocol protocol) {
    return switch (protocol) {
      case HTTP -> URI.create("http://127.0.0.1:" + port + "/v1/events");
      case WEBSOCKET -> URI.create("ws://127.0.0.1:" + port + "/v1/live");
      case TCP -> URI.create("tcp://127.0.0.1:" + (port + 1));
    };
  }

  @Override
  public long pid() {
    return child.pid();
  }

  @Override
  public void settle(LoadResult result) {
    // It answers and forgets.
  }

  @Override
  public void close() {
    child.close();
  }
}
