package io.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.harness.ChildJvm;
import io.sluice.harness.FreePorts;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The image of {@code k8s/image/build}, made from the classes under test with the JDK that runs
 * them. Its tree is run by {@code k8s/image/try} where that can make a mount namespace, and else
 * where it lies, with this machine's C library and a root that can be written.
 */
@Tag("slow")
class ImageTest {
  private static final Path LIB = Path.of("target/lib");
  private static final Path SCRIPTS = Path.of("k8s/image").toAbsolutePath();
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path directory;

  @BeforeAll
  static void build() throws IOException {
    Path jar = Files.createDirectories(directory.resolve("package")).resolve("sluice.jar");
    Path lib = Files.createDirectories(jar.resolveSibling("lib"));
    List<String> names = new ArrayList<>();
    for (Path each : list(LIB)) {
      names.add("lib/" + each.getFileName());
      Files.copy(each, lib.resolve(each.getFileName()));
    }
    pack(jar, String.join(" ", names));
    run(
        Duration.ofMinutes(5),
        "env",
        "JAVA_HOME=" + System.getProperty("java.home"),
        SCRIPTS.resolve("build").toString(),
        jar.toString(),
        directory.resolve("image").toString());
  }

  @Test
  void theTreeRunsTheGatewayWithoutRightsOnARootThatCannotBeWritten() throws Exception {
    int admin = FreePorts.next();
    int port = FreePorts.next();
    Path conf = Files.createDirectories(directory.resolve("conf"));
    Files.writeString(
        conf.resolve("admin.json"), "{\"admin\": {\"listen\": \"127.0.0.1:" + admin + "\"}}");
    Files.writeString(
        conf.resolve("sluice.json"),
        Files.readString(Chart.HOME.resolve("files/disk.json"))
            .replace("0.0.0.0:8080", "127.0.0.1:" + port)
            .replace("/var/lib/sluice", isolated() ? "/var/lib/sluice" : directory.toString()));

    try (ChildJvm gateway = launch(conf)) {
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> !gateway.alive() || status(get(admin, "/health/ready")) == 200);
      assertThat(gateway.alive()).as(gateway.output()).isTrue();
      assertThat(status(post(port, "{\"id\": 1}"))).isEqualTo(202);
      assertThat(status(get(admin, "/metrics"))).isEqualTo(200);
      assertThat(gateway.stop(PATIENCE)).as(gateway.output()).isZero();
      assertThat(gateway.output().lines()).allSatisfy(line -> JSON.readTree(line));
    }
  }

  @Test
  void theStartUpCacheIsUsed() throws IOException {
    assertThat(
            run(
                PATIENCE,
                command(directory, "-Xlog:class+load:stderr", "-jar", "sluice.jar", "--version")))
        .containsPattern("io\\.sluice\\.app\\.Main source: shared objects file");
  }

  @Test
  void theStartUpCacheHasClassesOfTheOldestFormatToo() throws IOException {
    assertThat(
            run(
                PATIENCE,
                command(directory, "-Xlog:class+load:stderr", "-jar", "sluice.jar", "--version")))
        .containsPattern("picocli\\.CommandLine source: shared objects file");
  }

  @Test
  void theArchiveHoldsWhatItNames() throws IOException {
    Path unpacked = Files.createDirectories(directory.resolve("unpacked"));
    run(
        PATIENCE,
        "tar",
        "-xf",
        directory.resolve("image/sluice.tar").toString(),
        "-C",
        unpacked.toString());
    JsonNode index = JSON.readTree(unpacked.resolve("index.json").toFile());
    JsonNode manifest = read(unpacked, index.get("manifests").get(0));
    JsonNode config = read(unpacked, manifest.get("config"));
    JsonNode tree = config.get("rootfs").get("diff_ids");

    assertThat(tree).hasSameSizeAs(manifest.get("layers"));
    for (int i = 0; i < tree.size(); i++) {
      Path layer = blob(unpacked, manifest.get("layers").get(i));
      try (InputStream content = new GZIPInputStream(Files.newInputStream(layer))) {
        assertThat("sha256:" + digest(content)).isEqualTo(tree.get(i).textValue());
      }
    }
    assertThat(config.get("config").get("User").textValue()).isEqualTo("10001:10001");
  }

  /** The blob that a descriptor names, once it is found to be the one. */
  private static Path blob(Path unpacked, JsonNode descriptor) throws IOException {
    String digest = descriptor.get("digest").textValue();
    Path blob = unpacked.resolve("blobs").resolve(digest.replace(':', '/'));
    try (InputStream content = Files.newInputStream(blob)) {
      assertThat("sha256:" + digest(content)).isEqualTo(digest);
    }
    assertThat(blob).hasSize(descriptor.get("size").longValue());
    return blob;
  }

  private static JsonNode read(Path unpacked, JsonNode descriptor) throws IOException {
    return JSON.readTree(blob(unpacked, descriptor).toFile());
  }

  private static String digest(InputStream content) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      new DigestInputStream(content, digest).transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static ChildJvm launch(Path conf) {
    Path log = directory.resolve("log");
    return isolated()
        ? ChildJvm.of(directory, log, List.of(command(conf)))
        : ChildJvm.of(
            app(),
            log,
            List.of(
                command(
                    conf,
                    "-jar",
                    "sluice.jar",
                    "run",
                    "--config=" + conf,
                    "--data=" + directory.resolve("data"),
                    "--log-format=json")));
  }

  /** Runs the image's JVM, with the image's own arguments where there are none. */
  private static String[] command(Path conf, String... arguments) {
    Stream<String> start =
        isolated()
            ? Stream.of(
                SCRIPTS.resolve("try").toString(),
                directory.resolve("image/root").toString(),
                conf.toString())
            : Stream.of(app().resolve("jre/bin/java").toString(), "@jvm.options");
    return Stream.concat(start, Stream.of(arguments)).toArray(String[]::new);
  }

  private static Path app() {
    return directory.resolve("image/root/opt/sluice");
  }

  private static boolean isolated() {
    try {
      return new ProcessBuilder("unshare", "--mount", "true").start().waitFor() == 0;
    } catch (IOException notThere) {
      return false;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** What a program prints that ends well. */
  private static String run(Duration limit, String... command) throws IOException {
    Path log = Files.createTempFile(directory, "run", ".log");
    try (ChildJvm program =
        ChildJvm.of(
            isolated() || !Files.isDirectory(app()) ? Path.of(".") : app(),
            log,
            List.of(command))) {
      assertThat(program.exitCode(limit)).as(program.output()).isZero();
      return program.output();
    }
  }

  private static HttpRequest get(int port, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
  }

  private static HttpRequest post(int port, String body) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/events"))
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body))
        .build();
  }

  /** 0 when nobody answers. */
  private static int status(HttpRequest request) throws InterruptedException {
    try {
      HttpResponse<String> answer =
          HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
      return answer.statusCode();
    } catch (IOException e) {
      return 0;
    }
  }

  /** The jar as it is packaged. */
  private static void pack(Path jar, String classPath) throws IOException {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.put(Attributes.Name.MAIN_CLASS, Main.class.getName());
    attributes.put(Attributes.Name.CLASS_PATH, classPath);
    attributes.put(Attributes.Name.IMPLEMENTATION_VERSION, "0.0.0-test");
    attributes.putValue("Enable-Native-Access", "ALL-UNNAMED");
    Path classes =
        Path.of(
            URI.create(Main.class.getProtectionDomain().getCodeSource().getLocation().toString()));
    Set<String> there = new HashSet<>();
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
      for (Path root : List.of(classes, Path.of("src/main/resources"))) {
        try (Stream<Path> files = Files.walk(root)) {
          for (Path file : files.filter(Files::isRegularFile).toList()) {
            String name = root.relativize(file).toString();
            if (there.add(name)) {
              out.putNextEntry(new JarEntry(name));
              Files.copy(file, out);
            }
          }
        }
      }
    }
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }
}
