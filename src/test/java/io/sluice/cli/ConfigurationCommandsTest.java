package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.admin.AdminConfig;
import io.sluice.connector.Catalog;
import io.sluice.control.ConfigurationModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ConfigurationCommandsTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path directory;

  private static final ConfigurationModel<AdminConfig> MODEL =
      new ConfigurationModel<>(
          Catalog.of(List.of(), List.of()), AdminConfig.class, AdminConfig::claims);

  @Test
  void validateAnswers0ForAConfigurationThatCouldRun() throws IOException {
    Path base = write("base.json", "{\"streams\": {\"a\": {}}}");
    Path more = write("more.json", "{\"streams\": {\"b\": {\"maxBytes\": \"${env:SIZE}\"}}}");

    int code = run(validate(), "-c", base.toString(), "--config", more.toString());

    assertThat(code).isZero();
    assertThat(out.toString()).isEqualToIgnoringNewLines("ok: 0 sources, 2 streams, 0 sinks");
  }

  @Test
  void diffSaysWhatAReloadWouldDo() throws IOException {
    Path old = write("old.json", "{\"streams\": {\"a\": {}, \"b\": {}, \"c\": {}}}");
    Path now =
        write(
            "now.json",
            """
            {"admin": {"listen": "127.0.0.1:1"}, "replicas": {"name": "one"},
             "streams": {"a": {}, "b": {"maxBytes": "2MiB"}, "d": {}}}\
            """);

    assertThat(run(diff(), "-c", old.toString(), "-c", now.toString())).isZero();
    assertThat(out.toString().lines())
        .containsExactly(
            "admin                           replace  listen; the old one answers what it has"
                + " begun",
            "replicas                        restart  is taken with the next start of the gateway",
            "stream    a                     keep",
            "stream    b                     change   maxBytes",
            "stream    d                     start",
            "stream    c                     stop     its events stay in the data directory");
  }

  @Test
  void diffSaysWhatBecomesOfTheAdminListener() throws IOException {
    String keys = ", \"auth\": {\"type\": \"api-key\", \"keys\": {\"ops\": \"0123456789abcdef\"}}";
    String tls = ", \"tls\": {\"cert\": \"server.pem\", \"key\": \"server.key\"}";
    Path old = write("old.json", admin(""));
    Path guarded = write("guarded.json", admin(keys));
    Path secure = write("secure.json", admin(tls));

    run(diff(), "-c", old.toString(), "-c", guarded.toString());
    run(diff(), "-c", old.toString(), "-c", secure.toString());

    assertThat(out.toString().lines())
        .containsExactly(
            "admin                           change   auth",
            "admin                           restart  its address begins or ends TLS with the next"
                + " start");
  }

  private static String admin(String more) {
    return "{\"admin\": {\"listen\": \"127.0.0.1:1\"" + more + "}}";
  }

  @Test
  void diffNeedsTwoConfigurationsAndBothRight() throws IOException {
    Path good = write("good.json", "{}");
    Path bad = write("bad.json", "{\"stream\": {}}");

    assertThat(run(diff(), "-c", good.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("needs -c twice");
    assertThat(run(diff(), "-c", good.toString(), "-c", bad.toString())).isEqualTo(78);
    assertThat(err.toString()).contains(bad + ":1:2: /stream: unknown key");
  }

  @Test
  void validateDoesNotAskHowMuchRoomThisMachineHas() throws IOException {
    Path huge = write("huge.json", "{\"streams\": {\"a\": {\"maxBytes\": \"900000TiB\"}}}");

    assertThat(run(validate(), "-c", huge.toString())).isZero();
  }

  @Test
  void validateNamesEveryProblemAndAnswers78() throws IOException {
    Path first = write("1.json", "{\n \"stream\": {}\n}");
    Path second = write("2.json", "{\"admin\": {\"listen\": 9090}}");

    int code = run(validate(), "-c", first.toString(), "-c", second.toString());

    assertThat(code).isEqualTo(78);
    assertThat(err.toString().lines().toList())
        .containsExactly(
            first + ":2:2: /stream: unknown key \"stream\"; did you mean \"streams\"?",
            second + ":1:1: warning: /sources: there is no source, so nothing comes in",
            second
                + ":1:22: /admin/listen: must be an address like 127.0.0.1:8080, but is a number"
                + " (9090)",
            "2 problems");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void validateAnswers78ForAFileThatIsNotThere() {
    Path missing = directory.resolve("missing.json");

    assertThat(run(validate(), "-c", missing.toString())).isEqualTo(78);
    assertThat(err.toString()).startsWith(missing + ": does not exist");
  }

  @Test
  void validateAnswers2ForWrongUsage() {
    assertThat(run(validate(), "--nonsense")).isEqualTo(2);
  }

  @Test
  void schemaPrintsTheSchema() {
    assertThat(run(new SchemaCommand(MODEL))).isZero();
    assertThat(out.toString()).isEqualTo(MODEL.schema()).startsWith("{").endsWith("}\n");
  }

  private static ValidateCommand validate() {
    return new ValidateCommand(MODEL, name -> name.equals("SIZE") ? "1GiB" : null);
  }

  private static DiffCommand diff() {
    return new DiffCommand(MODEL, name -> null);
  }

  private int run(Object command, String... arguments) {
    return new CommandLine(command)
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }
}
