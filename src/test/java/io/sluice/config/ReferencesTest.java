package io.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.config.Samples.Buffer;
import io.sluice.config.Samples.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReferencesTest {
  private static final String CANARY = "canary-7f3a";

  @TempDir Path directory;

  @Test
  void variablesAreReplacedInsideStringsAndMayBecomeNumbers() {
    Environment environment = Map.of("LIMIT", "12", "EMPTY", "", "A", "${env:B}\", \"x\": \"")::get;
    Checked<Bindings> bound =
        Samples.bind(
            environment,
            """
            {"streams": {"a": {"limit": "${env:LIMIT}", "buffer": "${env:BUFFER:-memory-only}",
              "compact": "${env:EMPTY:-true}", "sample": "0${env:EMPTY}.5",
              "labels": ["<${env:A}>", "$${env:A}", "$5"]}}}
            """);

    Bindings bindings = bound.fold(Checked.Good::value, bad -> null);
    assertThat(bindings.problems().list()).isEmpty();
    assertThat(bindings.section("streams").get(0).common())
        .contains(
            new Store(
                Buffer.MEMORY_ONLY,
                List.of("<${env:B}\", \"x\": \">", "${env:A}", "$5"),
                0.5,
                true,
                Samples.When.Fixed.parse("1s"),
                Optional.of(12L),
                Optional.empty()));
  }

  @Test
  void referencesThatLeadNowhereAreToldOnceEach() throws IOException {
    Path missing = directory.resolve("none");

    assertThat(
            Samples.lines(
                """
                {"streams": {"a": {
                  "limit": "${env:NOT_SET}",
                  "buffer": "${file:%s}",
                  "directory": "${home}/x",
                  "labels": "${env:OPEN"}}}
                """
                    .formatted(missing)))
        .containsExactly(
            "a.json:2:12: /streams/a/limit: needs the environment variable NOT_SET, which is not"
                + " set; set it, or write ${env:NOT_SET:-default}",
            "a.json:3:13: /streams/a/buffer: needs the file "
                + missing
                + ", which does not exist; check the path and who may read it",
            "a.json:4:16: /streams/a/directory: has a reference ${home} that is neither ${env:NAME}"
                + " nor ${file:/path}; write $${ for a plain ${",
            "a.json:5:13: /streams/a/labels: has a ${ without its }; write $${ for a plain ${");
  }

  @Test
  void aSecretThatEverybodyMayReadIsAWarning() throws IOException {
    Path file = Files.writeString(directory.resolve("secret"), CANARY);
    String text = "{\"admin\": {\"password\": \"${file:" + file + "}\"}}";

    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(Samples.lines(text))
        .containsExactly(
            "a.json:1:24: warning: /admin/password: needs the file "
                + file
                + ", which everybody on this machine may read");
    assertThat(Samples.bind(name -> null, text)).isInstanceOf(Checked.Good.class);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertThat(Samples.lines(text)).isEmpty();
  }

  @Test
  void secretsShowInNoMessageAndNoDump() throws IOException {
    Path file = Files.writeString(directory.resolve("secret"), CANARY + "\n");
    String secret = "${file:" + file + "}";
    String text =
        """
        {"admin": {"password": "%1$s"},
         "sources": {
           "a": {"type": "%2$s", "to": "%2$s", "listen": "x"},
           "b": {"type": "web", "to": "x", "listen": "%2$s", "maxBody": "%2$s", "inFlight": "%2$s",
                 "auth": {"type": "%2$s"}, "report": "%2$s", "retry": {"first": "%2$s"}},
           "c": {"type": "web", "to": "x", "listen": "127.0.0.1:1", "auth": {"type": "api-key", "keys": ["%1$s", 5]}}},
         "streams": {"s": {"buffer": "%2$s", "compact": "%2$s", "directory": "%2$s\\u0000",
                     "sample": "%2$s", "limit": "%2$s"}}}
        """
            .formatted(CANARY + "-literal", secret);

    String seen = Samples.problems(name -> null, text).toString();

    assertThat(seen).contains("/sources/b/maxBody", "/streams/s/limit").doesNotContain(CANARY);
  }

  @Test
  void theDumpShowsEverythingButSecrets() throws IOException {
    Path file = Files.writeString(directory.resolve("secret"), CANARY);

    Bindings bindings =
        Samples.good(
            """
            {"admin": {"password": "%1$s"},
             "sources": {"c": {"type": "web", "to": "shown", "listen": "127.0.0.1:1", "path": "/${file:%2$s}",
               "auth": {"type": "api-key", "keys": ["%1$s"]}, "headers": {"a/b~c": "${file:%2$s}"}}}}
            """
                .formatted(CANARY + "-literal", file));

    assertThat(bindings.section("sources").get(0).special().orElseThrow())
        .isInstanceOfSatisfying(
            Samples.Web.class, web -> assertThat(web.path()).isEqualTo("/" + CANARY));
    assertThat(bindings.masked().get())
        .contains("shown", "\"path\" : \"********\"", "\"a/b~c\" : \"********\"")
        .doesNotContain(CANARY);
    assertThat(bindings.section("admin").toString()).doesNotContain(CANARY);
  }
}
