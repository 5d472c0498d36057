package io.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.admin.AdminConfig;
import io.sluice.config.Checked;
import io.sluice.config.Reading;
import io.sluice.control.Configuration;
import io.sluice.control.ConfigurationModel;
import io.sluice.telemetry.Meters;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  private final ConfigurationModel<AdminConfig> model = Main.model(new Surroundings(), Meters::new);

  @ParameterizedTest
  @ValueSource(strings = {"conf", "conf/sluice.json"})
  void theSampleCanRunByItselfAndWithWhatStandsBesideIt(Path path) {
    Checked<Configuration<AdminConfig>> checked =
        model.check(Reading.of(List.of(path)), name -> null);

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
}
