package io.sluice.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.vertx.core.internal.logging.LoggerFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

/** Logging is a matter of the whole process, so these look at processes of their own. */
class LoggingTest {
  @Test
  void startsWithReadableLinesOnStandardError() throws Exception {
    List<String> lines = run("first");

    assertThat(lines).hasSize(4);
    assertThat(lines.get(0)).endsWith("INFO  LoggingTest: from us a=1");
    assertThat(lines.get(1)).endsWith("WARN  LoggingTest: from us a=2");
    assertThat(lines.get(2)).endsWith("WARN  vertx: from Vert.x");
    assertThat(lines.get(3)).endsWith("WARN  netty: from Netty");
  }

  @Test
  void writesJsonWhenAskedAndAllOfItBeforeTheEnd() throws Exception {
    List<String> lines = run("json");

    assertThat(lines).hasSize(4);
    for (String line : lines) {
      assertThat(new ObjectMapper().readTree(line).get("message").asText()).startsWith("from ");
    }
  }

  @Test
  void keepsToTheLevelAsked() throws Exception {
    assertThat(run("quiet")).hasSize(3).noneMatch(line -> line.contains("INFO"));
  }

  private static List<String> run(String how) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Speaker.class.getName(),
                how)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    String all = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(all).isZero();
    return all.lines().toList();
  }

  /** Says the same on every level, set up as asked. */
  static final class Speaker {
    private Speaker() {}

    public static void main(String[] args) {
      switch (args[0]) {
        case "json" -> Logging.start(LogFormat.JSON, Level.INFO);
        case "quiet" -> Logging.start(LogFormat.TEXT, Level.WARN);
        default -> {
          // The tree of tests has a configuration file; as if it had not.
          LoggerContext context = (LoggerContext) org.slf4j.LoggerFactory.getILoggerFactory();
          context.reset();
          FirstLogging.readable(context);
        }
      }
      var log = org.slf4j.LoggerFactory.getLogger(LoggingTest.class);
      log.atDebug().log("from us");
      log.atInfo().addKeyValue("a", 1).log("from us");
      log.atWarn().addKeyValue("a", 2).log("from us");
      LoggerFactory.getLogger("io.vertx").info("from Vert.x");
      LoggerFactory.getLogger("io.vertx.vertx").warn("from Vert.x");
      InternalLoggerFactory.getInstance("io.netty").info("from Netty");
      InternalLoggerFactory.getInstance("io.netty.netty").warn("from Netty");
      Logging.stop();
    }
  }
}
