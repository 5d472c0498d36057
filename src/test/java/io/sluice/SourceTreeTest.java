package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What holds for the source files themselves. */
class SourceTreeTest {
  private static final Path MAIN = Path.of("src/main/java");
  private static final Path TEST = Path.of("src/test/java");

  @Test
  void everyPackageIsNullMarked() {
    assertThat(javaFiles(MAIN).map(Path::getParent).distinct())
        .allSatisfy(
            folder ->
                assertThat(folder.resolve("package-info.java"))
                    .content()
                    .contains("@NullMarked", "package "));
  }

  @Test
  void mainFilesStayWithin400Lines() {
    assertThat(javaFiles(MAIN))
        .allSatisfy(file -> assertThat(lines(file)).isLessThanOrEqualTo(400));
  }

  @Test
  void testFilesStayWithin500Lines() {
    assertThat(javaFiles(TEST))
        .allSatisfy(file -> assertThat(lines(file)).isLessThanOrEqualTo(500));
  }

  private static Stream<Path> javaFiles(Path root) {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static int lines(Path file) {
    try {
      return Files.readAllLines(file).size();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
