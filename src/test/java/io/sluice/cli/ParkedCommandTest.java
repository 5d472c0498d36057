package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.config.HostPort;
import io.sluice.config.Key;
import io.sluice.connector.Catalog;
import io.sluice.control.ConfigurationModel;
import io.sluice.control.DataDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParkedCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path directory;

  record Admin(@Key(doc = "Address.", preset = "127.0.0.1:9090") HostPort listen) {}

  static final ConfigurationModel<Admin> MODEL =
      new ConfigurationModel<>(Catalog.of(List.of(), List.of()), Admin.class, admin -> Set.of());

  @BeforeEach
  void configure() throws IOException {
    Files.writeString(directory.resolve("sluice.json"), "{}");
  }

  private int run(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("-c", directory.resolve("sluice.json").toString()));
    return ParkedCommand.line(MODEL, Map.<String, String>of()::get)
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all.toArray(String[]::new));
  }

  @Test
  void aDataDirectoryThatIsNotThereIsWrongUsage() {
    Path nowhere = directory.resolve("nowhere");

    assertThat(run("list", "--data", nowhere.toString())).isEqualTo(2);
    assertThat(run("retire", "sink", "copy", "--data", nowhere.toString())).isEqualTo(2);

    assertThat(err.toString()).contains(nowhere + " is no directory");
  }

  @Test
  void saysThatNothingIsParked() {
    assertThat(run("list", "--data", directory.toString())).isZero();

    assertThat(out.toString()).isEmpty();
    assertThat(err.toString()).isEqualToIgnoringNewLines("sluice: nothing is parked");
  }

  @Test
  void whileTheGatewayRunsItSaysHowToAskIt() throws IOException {
    Path data = directory.resolve("data");
    try (DataDirectory running = DataDirectory.open(data)) {
      assertThat(running.cursors()).startsWithRaw(data);
      assertThat(run("retire", "sink", "copy", "--stream", "events", "--data", data.toString()))
          .isEqualTo(75);
    }

    assertThat(err.toString())
        .contains("is in use by another process: pid ")
        .contains("curl -X POST 'ADMIN/api/v1/parked/sinks/copy/retire?stream=events'");
  }
}
