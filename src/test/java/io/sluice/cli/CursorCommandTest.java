package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.connector.Cursor;
import io.sluice.control.DataDirectory;
import io.sluice.lease.CursorFiles;
import io.sluice.lease.CursorRecord;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CursorCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path data;
  private CursorFiles files;

  @BeforeEach
  void write() throws IOException {
    files = DataDirectory.cursorsIn(data);
    files.save(
        "orders",
        new CursorRecord(7, Cursor.of(Map.of("since", "2026-05-01", "etag", "a\u001b[2Jb"))));
  }

  private int run(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--data", data.toString()));
    return CursorCommand.line(ParkedCommandTest.MODEL, nothing -> null, Vertx::vertx)
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all.toArray(String[]::new));
  }

  private Map<String, String> parts() throws IOException {
    return files.load("orders").orElseThrow().cursor().parts();
  }

  @Test
  void listsWhatWasPolledAndWhatIsDamaged() throws IOException {
    assertThat(run("list")).isZero();
    assertThat(out.toString()).contains("orders  term 7  2 parts");
    files.save("one", new CursorRecord(1, Cursor.of(Map.of("since", "2026"))));
    files.save("none", new CursorRecord(1, Cursor.START));
    assertThat(run("list")).isZero();
    assertThat(out.toString().lines()).contains("one  term 1  1 part", "none  term 1  0 parts");

    Files.write(data.resolve("cursors/logs"), new byte[] {1, 2});
    assertThat(run("list")).isOne();
    assertThat(out.toString()).contains("logs is damaged");
  }

  @Test
  void showsThePartsWithoutCommandsToTheTerminal() {
    assertThat(run("show", "orders")).isZero();

    assertThat(out.toString()).contains("since=2026-05-01", "etag=a\\u001b[2Jb");
    assertThat(run("show", "nobody")).isOne();
    assertThat(err.toString()).contains("has no cursor");
  }

  @Test
  void rewindsPartByPartAndSaysWhatItWas() throws IOException {
    assertThat(run("rewind", "orders", "--set", "since=2026-01-01", "--remove", "etag")).isZero();

    assertThat(out.toString()).contains("since=2026-05-01");
    assertThat(parts()).isEqualTo(Map.of("since", "2026-01-01"));
    assertThat(files.load("orders").orElseThrow().term()).isEqualTo(8);
  }

  @Test
  void rewindsToTheStartAndKeepsTheOldFileAside() throws IOException {
    assertThat(run("rewind", "orders", "--start")).isZero();

    assertThat(files.load("orders")).isEmpty();
    assertThat(out.toString()).contains("orders~");
  }

  @Test
  void refusesWhileAGatewayHasTheDirectory() throws IOException {
    try (DataDirectory locked = DataDirectory.open(data)) {
      assertThat(locked).isNotNull();
      assertThat(run("rewind", "orders", "--start")).isEqualTo(75);
    }

    assertThat(err.toString()).contains("in use by another process", "stop the gateway first");
    assertThat(parts()).hasSize(2);
  }

  @Test
  void wantsToKnowWhereTo() {
    assertThat(run("rewind", "orders")).isEqualTo(2);
    assertThat(run("rewind", "orders", "--start", "--set", "a=b")).isEqualTo(2);
  }

  @Test
  void aDamagedCursorCanOnlyBeginAnew() throws IOException {
    Files.write(data.resolve("cursors/orders"), new byte[] {1, 2});

    assertThat(run("rewind", "orders", "--set", "a=b")).isOne();
    assertThat(err.toString()).contains("is damaged", "--start puts it aside");
    assertThat(run("rewind", "orders", "--start")).isZero();
  }
}
