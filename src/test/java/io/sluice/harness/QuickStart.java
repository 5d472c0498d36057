package io.sluice.harness;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * How a JVM starts with the classes under test for two thirds of the CPU time: from a jar and a
 * class-data archive, made once and shared by all processes of a run, and by later runs of the same
 * classes. Safe for use by several threads and processes.
 */
final class QuickStart {
  private static final Path HOME = Path.of("target", "quick-start").toAbsolutePath();

  private static final Pattern CLASS_PATH = Pattern.compile(Pattern.quote(File.pathSeparator));

  /** A small heap, and no optimising compiler. */
  private static final List<String> SMALL =
      List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-ea");

  /** Something of everything that most gateways of tests have. */
  private static final String CONFIG =
      """
      {"admin": {"listen": "127.0.0.1:{{admin}}"},
       "sources": {"app": {"type": "http", "listen": "127.0.0.1:{{http}}", "path": "/v1/events",
                           "to": "events"},
                   "live": {"type": "websocket", "listen": "127.0.0.1:{{http}}", "path": "/live",
                            "to": "events"},
                   "lines": {"type": "tcp", "listen": "127.0.0.1:{{tcp}}", "framing": "newline",
                             "to": "events"}},
       "sinks": {"all": {"type": "file", "from": "events", "path": "out/all.ndjson"}}}
      """;

  private static Optional<List<String>> launch = Optional.empty();

  private QuickStart() {}

  /** The options, class path and main class of a gateway. */
  static synchronized List<String> launch() {
    if (launch.isEmpty()) {
      try {
        launch = prepared();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return launch.orElseGet(QuickStart::unprepared);
  }

  /** While another process makes the archive. */
  private static List<String> unprepared() {
    List<String> classes = new ArrayList<>(SMALL);
    classes.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.sluice.app.Main"));
    return classes;
  }

  /** Empty while another process is at it. */
  private static Optional<List<String>> prepared() throws IOException {
    List<Path> directories = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (String entry : CLASS_PATH.splitAsStream(System.getProperty("java.class.path")).toList()) {
      if (Files.isDirectory(Path.of(entry))) {
        directories.add(Path.of(entry));
      } else {
        others.add(entry);
      }
    }
    Path home = Files.createDirectories(HOME.resolve(version(directories, others)));
    Path jar = home.resolve("classes.jar");
    Path archive = home.resolve("classes.jsa");
    List<String> classes = new ArrayList<>(SMALL);
    others.add(0, jar.toString());
    classes.addAll(List.of("-cp", String.join(File.pathSeparator, others), "io.sluice.app.Main"));
    try (FileChannel channel =
            FileChannel.open(
                home.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock alone = channel.tryLock()) {
      if (!Files.exists(archive)) {
        if (alone == null) {
          return Optional.empty();
        }
        pack(directories, jar);
        archive(home, classes, archive);
      }
    }
    // Quiet, so that an archive that does not fit costs time and changes nothing else.
    classes.addAll(0, List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:disable"));
    return Optional.of(List.copyOf(classes));
  }

  /** Another one for other classes, or another JVM. */
  private static String version(List<Path> directories, List<String> others) throws IOException {
    CRC32 all = new CRC32();
    all.update((System.getProperty("java.vm.version") + others).getBytes(UTF_8));
    for (Path directory : directories) {
      for (Path file : files(directory)) {
        all.update((file + " " + Files.getLastModifiedTime(file)).getBytes(UTF_8));
      }
    }
    return Long.toHexString(all.getValue());
  }

  /** Of files with one name the first directory's, as on a class path. */
  private static void pack(List<Path> directories, Path jar) throws IOException {
    Path part = jar.resolveSibling("classes.part");
    Set<String> there = new HashSet<>();
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(part))) {
      out.setLevel(Deflater.BEST_SPEED);
      for (Path directory : directories) {
        for (Path file : files(directory)) {
          String name = directory.relativize(file).toString().replace(File.separatorChar, '/');
          if (there.add(name)) {
            out.putNextEntry(new JarEntry(name));
            Files.copy(file, out);
          }
        }
      }
    }
    Files.move(part, jar, StandardCopyOption.ATOMIC_MOVE);
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** Has a gateway run once, and leave what it loaded. */
  private static void archive(Path home, List<String> classes, Path archive) throws IOException {
    Path part = home.resolve("classes.jsa.part");
    List<String> recording = new ArrayList<>(classes);
    recording.addAll(0, List.of("-XX:ArchiveClassesAtExit=" + part, "-Xlog:disable"));
    try (GatewayProcess gateway =
        GatewayProcess.launched(Files.createTempDirectory("quick-start"), CONFIG, recording)) {
      gateway.start().stop();
    }
    if (Files.exists(part)) {
      Files.move(part, archive, StandardCopyOption.ATOMIC_MOVE);
    }
  }
}
