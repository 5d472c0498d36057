import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Makes one jar of a jar and the libraries that its manifest names. A start opens and checks each
 * jar of its class path, and looks through all of them for services: of one, it does so once.
 *
 * <p>Of what a library has for several releases of Java, the jar gets what is for the release that
 * runs this. Lists of services and of Netty's versions are joined; manifests, licences and notices
 * stand under {@code META-INF/jars/}, by jar. Signatures and what describes modules and bundles
 * mean nothing here and are left out. Anything else of one name has to be the same wherever it
 * comes from.
 *
 * <p>Arguments: the jar, and the one to write.
 */
final class OneJar {
  private static final Pattern LEFT_OUT =
      Pattern.compile(
          "(.*/)?module-info\\.class|META-INF/([^/]+\\.(SF|RSA|DSA|EC)|INDEX\\.LIST)|OSGI-INF/.*");
  private static final Pattern JOINED =
      Pattern.compile("META-INF/(services/.+|io\\.netty\\.versions\\.properties)");
  private static final Pattern OF_EACH =
      Pattern.compile(
          "(?i)(META-INF/)?([^/]*(LICEN[CS]E|NOTICE|COPYRIGHT|LEGAL|THIRD-PARTY)[^/]*|[^/]+\\.(md|MF))");

  /** The time of every entry, so that the same jar comes out of the same jars. */
  private static final long TIME = 315_532_800_000L;

  private final Map<String, byte[]> entries = new LinkedHashMap<>();

  private OneJar() {}

  public static void main(String[] args) throws IOException {
    Path from = Path.of(args[0]);
    OneJar one = new OneJar();
    Manifest manifest;
    try (JarFile jar = open(from)) {
      manifest = jar.getManifest();
    }
    Attributes attributes = manifest.getMainAttributes();
    String libraries = (String) attributes.remove(Attributes.Name.CLASS_PATH);
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    manifest.write(head);
    one.entries.put(JarFile.MANIFEST_NAME, head.toByteArray());
    one.add(from);
    for (String library : libraries.split(" ")) {
      one.add(from.resolveSibling(library));
    }
    one.write(Path.of(args[1]));
  }

  private static JarFile open(Path jar) throws IOException {
    return new JarFile(jar.toFile(), false, ZipFile.OPEN_READ, JarFile.runtimeVersion());
  }

  private void add(Path from) throws IOException {
    String own = "META-INF/jars/" + from.getFileName().toString().replaceFirst("\\.jar$", "/");
    try (JarFile jar = open(from)) {
      List<JarEntry> content =
          jar.versionedStream()
              .filter(each -> !each.isDirectory() && !LEFT_OUT.matcher(each.getName()).matches())
              .toList();
      for (JarEntry each : content) {
        try (InputStream bytes = jar.getInputStream(each)) {
          add(each.getName(), bytes.readAllBytes(), own);
        }
      }
    }
  }

  private void add(String name, byte[] content, String own) {
    if (OF_EACH.matcher(name).matches()) {
      entries.put(own + name, content);
    } else if (JOINED.matcher(name).matches()) {
      entries.merge(name, content, OneJar::lines);
    } else {
      byte[] other = entries.putIfAbsent(name, content);
      if (other != null && !Arrays.equals(other, content)) {
        throw new IllegalArgumentException(
            own + ": " + name + " is another than in a jar before it on the class path");
      }
    }
  }

  /** The lines of both, once each. */
  private static byte[] lines(byte[] some, byte[] more) {
    return Stream.of(some, more)
        .map(content -> new String(content, StandardCharsets.UTF_8))
        .flatMap(String::lines)
        .distinct()
        .map(line -> line + '\n')
        .reduce("", String::concat)
        .getBytes(StandardCharsets.UTF_8);
  }

  private void write(Path jar) throws IOException {
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
      for (Map.Entry<String, byte[]> each : entries.entrySet()) {
        ZipEntry entry = new ZipEntry(each.getKey());
        entry.setTime(TIME);
        out.putNextEntry(entry);
        out.write(each.getValue());
      }
    }
  }
}
