package io.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.auth.Auth;
import io.sluice.config.Check;
import io.sluice.config.Checked;
import io.sluice.config.HostPort;
import io.sluice.config.Key;
import io.sluice.config.Reading;
import io.sluice.connector.Catalog;
import io.sluice.control.Configuration;
import io.sluice.control.ConfigurationModel;
import io.sluice.net.Listeners;
import io.sluice.sink.console.ConsoleSinkFactory;
import io.sluice.sink.discard.DiscardSinkFactory;
import io.sluice.sink.file.FileSinkFactory;
import io.sluice.source.http.HttpSourceFactory;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What is published about the configuration is what the code says. After a change of settings,
 * write the schema and the reference page anew with {@code mvn test
 * -Dtest=PublishedConfigurationTest -Dsluice.regenerate=true} and look at what changed.
 */
class PublishedConfigurationTest {
  private static final Path SAMPLE = Path.of("conf/sluice.json");
  private static final Path SCHEMA = Path.of("conf/sluice.schema.json");
  private static final Path REFERENCE = Path.of("src/site/markdown/configuration.md");

  /** Where the page's generated part begins. */
  private static final String MARK = "<!-- From here on generated";

  private final Vertx vertx = Vertx.vertx();
  private final ConfigurationModel<Admin> model = new ConfigurationModel<>(catalog(), Admin.class);

  record Admin(
      @Key(doc = "Address of the admin listener: health, metrics, API.", preset = "127.0.0.1:9090")
          HostPort listen,
      @Key(doc = "How operators prove who they are; needed unless the address is a loopback one.")
          Optional<Auth> auth) {
    Admin {
      Check.guarded(listen, auth);
    }
  }

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void theSampleCanRun() {
    Checked<Configuration<Admin>> checked = model.check(Reading.of(List.of(SAMPLE)), name -> null);

    assertThat(checked)
        .isInstanceOfSatisfying(Checked.Good.class, good -> assertThat(good.warnings()).isEmpty());
  }

  @Test
  void theSampleIsValidByTheSchema() throws IOException {
    OutputUnit result =
        Validator.create(
                JsonSchema.of(new JsonObject(Files.readString(SCHEMA))),
                new JsonSchemaOptions()
                    .setBaseUri("app://sluice")
                    .setDraft(Draft.DRAFT202012)
                    .setOutputFormat(OutputFormat.Basic))
            .validate(new JsonObject(Files.readString(SAMPLE)));

    assertThat(result.getErrors()).isNull();
    assertThat(result.getValid()).isTrue();
  }

  @Test
  void theSchemaIsUpToDate() throws IOException {
    assertPublished(SCHEMA, model.schema());
  }

  @Test
  void theReferencePageIsUpToDate() throws IOException {
    String page = Files.readString(REFERENCE);
    int mark = page.indexOf('\n', page.indexOf(MARK)) + 1;
    assertThat(mark).isPositive();

    assertPublished(REFERENCE, page.substring(0, mark) + model.reference());
  }

  private static void assertPublished(Path file, String wanted) throws IOException {
    if (Boolean.getBoolean("sluice.regenerate")) {
      Files.writeString(file, wanted);
    }
    assertThat(file).as("regenerate with -Dsluice.regenerate=true").hasContent(wanted);
  }

  private Catalog catalog() {
    Listeners listeners = new Listeners(vertx, new SimpleMeterRegistry(), 1);
    return Catalog.of(
        List.of(new HttpSourceFactory(listeners)),
        List.of(
            new FileSinkFactory(),
            new ConsoleSinkFactory(OutputStream.nullOutputStream()),
            new DiscardSinkFactory()));
  }
}
