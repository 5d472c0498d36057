package io.sluice.source.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * h2spec against the connections of an HTTP source. The profile {@code slow} puts its program,
 * which is for Linux on x86-64, into {@code target/h2spec}.
 */
@Tag("slow")
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class H2SpecTest {
  private static final Path PACKED =
      Path.of("target/h2spec/h2spec/2.2.0/h2spec_linux_amd64.tar.gz").toAbsolutePath();
  private static final int CASES = 145;

  /** What may fail, and why. Of each the request in question is refused all the same. */
  private static final Map<String, String> KNOWN =
      Map.of(
          "http2/5.1 half closed (remote): Sends a HEADERS frame",
          "the answer to the whole request before it is on its way already",
          "http2/5.1 closed: Sends a HEADERS frame",
          "Netty ends the stream with STREAM_CLOSED, not the connection",
          "http2/5.1.1 Sends stream identifier that is numerically smaller than previous",
          "Netty ends the stream with STREAM_CLOSED, not the connection");

  @TempDir private Path directory;

  @Test
  void nothingFailsBesideWhatIsKnown() throws Exception {
    run("tar", "xzf", PACKED.toString());
    Path report = directory.resolve("report.xml");
    try (PushServer server = PushServer.start(settings -> settings.path = "/")) {
      run(
          "./h2spec",
          "-h",
          "127.0.0.1",
          "-p",
          String.valueOf(server.port()),
          "-o",
          "5",
          "-j",
          report.toString());
    }
    NodeList cases =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(report.toFile())
            .getElementsByTagName("testcase");
    List<String> failed = new ArrayList<>();
    for (int i = 0; i < cases.getLength(); i++) {
      Element each = (Element) cases.item(i);
      if (each.getElementsByTagName("*").getLength() > 0) {
        failed.add(each.getAttribute("package") + " " + each.getAttribute("classname"));
      }
    }
    assertThat(cases.getLength()).isEqualTo(CASES);
    assertThat(KNOWN.keySet()).containsAll(failed);
  }

  private void run(String... command) throws IOException, InterruptedException {
    Path output = directory.resolve("output.log");
    new ProcessBuilder(command)
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start()
        .waitFor();
  }
}
