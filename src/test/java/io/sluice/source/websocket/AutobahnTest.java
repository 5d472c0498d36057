package io.sluice.source.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Autobahn suite against the connections of a WebSocket source, in a process of its own. Its
 * jars are put into {@code target/autobahn} by the profile {@code slow}.
 *
 * <p>Left out are 12 and 13, about compression, which is not offered.
 */
@Tag("slow")
class AutobahnTest {
  private static final Path JARS = Path.of("target/autobahn").toAbsolutePath();
  private static final Path SUITE = Path.of("src/test/autobahn/Autobahn.java").toAbsolutePath();
  private static final List<String> CASES =
      List.of("1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "9.*", "10.*");
  private static final Pattern RESULT =
      Pattern.compile("\\[([0-9.]+)] behavior: (\\w+), behaviorClose: (\\w+),.*");
  private static final Set<String> GOOD = Set.of("OK", "NON_STRICT", "INFORMATIONAL");

  @TempDir private Path directory;

  @Test
  void noCaseFails() throws IOException, InterruptedException {
    Path output = directory.resolve("autobahn.log");
    try (EchoServer server = new EchoServer()) {
      List<String> command = new ArrayList<>();
      command.addAll(List.of("java", "-Xmx600m", "-cp", JARS + "/*", SUITE.toString()));
      command.add("ws://127.0.0.1:" + server.port() + "/");
      command.addAll(CASES);
      int exit =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start()
              .waitFor();
      assertThat(exit).as(Files.readString(output)).isZero();
    }
    List<String> bad = new ArrayList<>();
    int cases = 0;
    for (String line : Files.readAllLines(output)) {
      Matcher result = RESULT.matcher(line);
      if (result.matches()) {
        cases++;
        if (!GOOD.contains(result.group(2)) || !GOOD.contains(result.group(3))) {
          bad.add(line);
        }
      }
    }
    assertThat(cases).isEqualTo(301);
    assertThat(bad).isEmpty();
  }
}
