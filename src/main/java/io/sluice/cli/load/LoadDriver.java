package io.sluice.cli.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** Runs a load. */
public final class LoadDriver {
  private LoadDriver() {}

  private record End(@Nullable Tally tally, @Nullable Exception failure) {}

  /**
   * Drives a server until the run is over: warm-up, measured time, in an open loop at most ten
   * seconds to send what could not be sent when it was due, and at most ten seconds for the answers
   * still outstanding. Blocks the caller, which must not be an event loop.
   *
   * @throws IOException when the server cannot be reached at all
   */
  public static LoadResult run(Load load, Probe probe) throws IOException, InterruptedException {
    InetSocketAddress address = new InetSocketAddress(load.target().host(), load.target().port());
    if (address.isUnresolved()) {
      throw new UnknownHostException("unknown host " + load.target().host());
    }
    Random random = new Random();
    BlockingQueue<End> ends = new LinkedBlockingQueue<>();
    for (int i = 0; i < load.threads(); i++) {
      LoadLoop loop = new LoadLoop(load, i, address, i == 0 ? probe : Probe.NONE, random);
      Thread thread = new Thread(() -> ends.add(drive(loop)), "load-" + i);
      thread.setDaemon(true);
      thread.start();
    }
    Tally total = new Tally();
    for (int i = 0; i < load.threads(); i++) {
      End end = ends.take();
      if (end.failure() instanceof IOException unreachable) {
        throw unreachable;
      }
      if (end.tally() == null) {
        throw new IllegalStateException("a load thread failed", end.failure());
      }
      total.add(end.tally());
    }
    return LoadResult.of(total, load.size());
  }

  private static End drive(LoadLoop loop) {
    try {
      return new End(loop.drive(), null);
    } catch (IOException | RuntimeException e) {
      return new End(null, e);
    }
  }
}
