package io.sluice.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A disk with a volatile cache whose power can be cut: what was not forced by then is gone.
 *
 * <p>It is an ext4 file system on a loop device, on a file that {@code nbdfuse} shows of an {@code
 * nbdkit} with a write-back cache of its own. Killing {@code nbdkit} is the power cut; the page
 * cache of this machine cannot reach the image any more. Needs root and those programs. Used by one
 * thread.
 */
final class PowerCutDisk implements AutoCloseable {
  private static final List<String> PROGRAMS =
      List.of("nbdkit", "nbdfuse", "losetup", "mkfs.ext4", "e2fsck", "mount", "umount");
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final long BYTES = 512L << 20;

  private final Path directory;
  private final Path image;
  private final Path mounted;
  private final List<Process> running = new ArrayList<>();
  private String device = "";

  /**
   * A new disk, with its power on.
   *
   * @param directory for the image and what it takes to run it, on a disk of the machine
   */
  PowerCutDisk(Path directory) {
    this.directory = directory;
    this.image = directory.resolve("image");
    this.mounted = directory.resolve("mounted");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(BYTES);
      Files.createDirectory(mounted);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    run("mkfs.ext4", "-q", "-F", image.toString());
    powerOn();
  }

  /** Whether such a disk can be had here. */
  static boolean possible() {
    return "root".equals(System.getProperty("user.name"))
        && Files.exists(Path.of("/dev/fuse"))
        && PROGRAMS.stream().allMatch(PowerCutDisk::installed);
  }

  private static boolean installed(String program) {
    return Stream.of("/usr/bin", "/usr/sbin", "/bin", "/sbin")
        .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
  }

  /** Where its files are. */
  Path root() {
    return mounted;
  }

  /** Takes its power: nothing that was not forced until now is ever written. */
  void cut() {
    for (Process process : running) {
      process.destroyForcibly();
    }
    running.forEach(process -> process.onExit().join());
    running.clear();
  }

  /**
   * After a cut, and when nobody has files open any more: repairs the file system and mounts it.
   */
  void powerOn() {
    unmount();
    run("e2fsck", "-fp", image.toString());
    Path socket = directory.resolve("socket");
    Path shown = directory.resolve("shown");
    try {
      Files.deleteIfExists(socket);
      Files.createDirectories(shown);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    background(
        "nbdkit",
        "-f",
        "-U",
        socket.toString(),
        "--filter=cache",
        "file",
        image.toString(),
        "cache=writeback");
    Awaitility.await().atMost(PATIENCE).until(() -> Files.exists(socket));
    background("nbdfuse", shown.toString(), "--unix", socket.toString());
    Path file = shown.resolve("nbd");
    Awaitility.await().atMost(PATIENCE).until(() -> Files.exists(file));
    device = run("losetup", "--find", "--show", file.toString()).strip();
    run("mount", device, mounted.toString());
  }

  private void unmount() {
    if (!device.isEmpty()) {
      run("umount", "--lazy", mounted.toString());
      run("losetup", "--detach", device);
      run("umount", "--lazy", directory.resolve("shown").toString());
      device = "";
    }
  }

  private void background(String... command) {
    try {
      running.add(
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("log").toFile())
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What it printed; e2fsck ends with 1 when it mended something, which is what it is for. */
  private static String run(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || process.exitValue() > 1) {
        throw new AssertionError(String.join(" ", command) + ":\n" + printed);
      }
      return printed;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    cut();
    unmount();
  }
}
