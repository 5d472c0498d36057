package io.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.harness.ChildJvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program that makes the image's jar, run as the image's build runs it. */
class OneJarTest {
  private static final String MANIFEST = "META-INF/MANIFEST.MF";
  private static final Path PROGRAM = Path.of("k8s/image/OneJar.java").toAbsolutePath();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path directory;

  @Test
  void whatEachLibraryHasIsInTheOneJar() throws IOException {
    jar(
        "app.jar",
        Map.of(
            MANIFEST,
            "Main-Class: app.Main\nClass-Path: lib/a.jar lib/b.jar\nKept: yes\n",
            "app/Main.class",
            "main"));
    jar(
        "lib/a.jar",
        Map.of(
            MANIFEST,
            "Multi-Release: true\n",
            "META-INF/LICENSE",
            "licence of a",
            "META-INF/services/x.Y",
            "a.One # the first\na.Two",
            "META-INF/A.SF",
            "signature",
            "META-INF/versions/9/module-info.class",
            "module",
            "META-INF/versions/11/a/One.class",
            "one of 11",
            "META-INF/versions/999/a/One.class",
            "one of 999",
            "a/One.class",
            "one of 8",
            "same",
            "same"));
    jar(
        "lib/b.jar",
        Map.of(
            MANIFEST,
            "Name: b\n",
            "META-INF/LICENSE",
            "licence of b",
            "META-INF/services/x.Y",
            "b.Three\n",
            "META-INF/versions/11/b/Other.class",
            "of a jar for one release",
            "b/Other.class",
            "other",
            "same",
            "same"));

    assertThat(merge()).isEmpty();
    Map<String, String> merged = entries(directory.resolve("one.jar"));

    assertThat(merged.remove(MANIFEST))
        .contains("Main-Class: app.Main", "Kept: yes")
        .doesNotContain("Class-Path");
    assertThat(merged.remove("META-INF/jars/app/META-INF/MANIFEST.MF")).contains("lib/a.jar");
    merged.keySet().removeIf(name -> name.endsWith(".MF"));
    assertThat(merged)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "app/Main.class", "main",
                "META-INF/jars/a/META-INF/LICENSE", "licence of a",
                "META-INF/jars/b/META-INF/LICENSE", "licence of b",
                "META-INF/services/x.Y", "a.One # the first\na.Two\nb.Three\n",
                "META-INF/versions/11/b/Other.class", "of a jar for one release",
                "a/One.class", "one of 11",
                "b/Other.class", "other",
                "same", "same"));
  }

  @Test
  void refusesTwoLibrariesThatDifferInWhatTheyCallTheSame() throws IOException {
    jar("app.jar", Map.of(MANIFEST, "Class-Path: lib/a.jar lib/b.jar\n"));
    jar("lib/a.jar", Map.of("same/Thing.class", "one"));
    jar("lib/b.jar", Map.of("same/Thing.class", "another"));

    assertThat(merge()).contains("b/: same/Thing.class is another");
    assertThat(directory.resolve("one.jar")).doesNotExist();
  }

  private String merge() {
    try (ChildJvm program =
        ChildJvm.start(
            directory,
            directory.resolve("log"),
            List.of("-XX:TieredStopAtLevel=1", PROGRAM.toString(), "app.jar", "one.jar"))) {
      assertThat(program.exitCode(PATIENCE) == 0).isEqualTo(program.output().isEmpty());
      return program.output();
    }
  }

  private void jar(String name, Map<String, String> content) throws IOException {
    Path jar = directory.resolve(name);
    Files.createDirectories(jar.getParent());
    Map<String, String> entries = new LinkedHashMap<>();
    // Where a jar's reader looks for it.
    entries.put(MANIFEST, "Manifest-Version: 1.0\n" + content.getOrDefault(MANIFEST, ""));
    new TreeMap<>(content).forEach(entries::putIfAbsent);
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      for (Map.Entry<String, String> each : entries.entrySet()) {
        out.putNextEntry(new JarEntry(each.getKey()));
        out.write(each.getValue().getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  private static Map<String, String> entries(Path jar) throws IOException {
    Map<String, String> entries = new LinkedHashMap<>();
    try (ZipInputStream in = new ZipInputStream(Files.newInputStream(jar))) {
      for (ZipEntry each = in.getNextEntry(); each != null; each = in.getNextEntry()) {
        entries.put(each.getName(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return entries;
  }
}
