package io.sluice.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/**
 * Hosts of their own on this machine: Linux network namespaces, each with an address and a cable
 * (veth) that ends at the tests and can be pulled out. They reach the tests, not each other and
 * nothing else.
 *
 * <p>Addresses are of {@link #NETWORK}, which RFC 2544 sets aside for tests. Needs root and
 * iproute2. Closing takes the hosts away; used by one thread.
 */
public final class Hosts implements AutoCloseable {
  /** What all addresses are of. */
  public static final String NETWORK = "198.18.0.0/15";

  private final List<Host> hosts = new ArrayList<>();

  /** So many, all with their cable plugged in. */
  public Hosts(int many) {
    int net = ThreadLocalRandom.current().nextInt(256);
    for (int i = 0; i < many; i++) {
      String name = "sluice" + ProcessHandle.current().pid() + "-" + i;
      hosts.add(
          new Host(name, "198.18." + net + "." + (4 * i + 1), "198.18." + net + "." + (4 * i + 2)));
    }
    hosts.forEach(Host::open);
  }

  /** Whether this machine and user can have any. */
  public static boolean available() {
    return Files.isExecutable(Path.of("/sbin/ip"))
        && IntStream.of(
                run("ip", "netns", "add", "sluice-probe"),
                run("ip", "netns", "del", "sluice-probe"))
            .allMatch(code -> code == 0);
  }

  public Host get(int which) {
    return hosts.get(which);
  }

  @Override
  public void close() {
    hosts.forEach(Host::close);
  }

  /**
   * One of them.
   *
   * @param there the tests' address as seen from it
   * @param address its own
   */
  public record Host(String name, String there, String address) {
    /** Program and arguments that become another program on it. */
    public String[] enter() {
      return new String[] {"ip", "netns", "exec", name};
    }

    /** Pulls its cable out: nothing gets through and nobody is told. */
    public void unplug() {
      must("ip", "link", "set", cable(), "down");
    }

    /** Plugs it in again. */
    public void plug() {
      must("ip", "link", "set", cable(), "up");
    }

    private void open() {
      must("ip", "netns", "add", name);
      must("ip", "link", "add", cable(), "type", "veth", "peer", "name", "net0", "netns", name);
      must("ip", "addr", "add", there + "/30", "dev", cable());
      must("ip", "-n", name, "addr", "add", address + "/30", "dev", "net0");
      must("ip", "-n", name, "link", "set", "net0", "up");
      must("ip", "-n", name, "link", "set", "lo", "up");
      plug();
    }

    private void close() {
      run("ip", "link", "del", cable());
      run("ip", "netns", "del", name);
    }

    /** Interfaces have names of at most 15 characters. */
    private String cable() {
      return "v" + name.substring("sluice".length());
    }
  }

  private static void must(String... command) {
    int code = run(command);
    if (code != 0) {
      throw new AssertionError(String.join(" ", command) + " ended with " + code);
    }
  }

  private static int run(String... command) {
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
