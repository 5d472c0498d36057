package io.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.Validator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The schema and the binder are two readers of the same records, and must agree. */
class ConfigSchemaTest {
  private static final String WEB =
      "{\"type\": \"web\", \"to\": \"x\", \"listen\": \"127.0.0.1:1\"";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"$schema\": \"x\", \"admin\": {}}",
        "{\"sources\": {\"a\": " + WEB + "}}}",
        "{\"sources\": {\"a\": " + WEB + ", \"inFlight\": 3, \"maxBody\": \"1 MiB\"}}}",
        "{\"sources\": {\"a\": " + WEB + ", \"auth\": {\"type\": \"none\"}}}}",
        "{\"sources\": {\"a\": " + WEB + ", \"auth\": {\"type\": \"api-key\", \"keys\": \"k\"}}}}",
        "{\"sources\": {\"a\": " + WEB + ", \"retry\": {}, \"headers\": {\"a\": \"b\"}}}}",
        "{\"sources\": {\"a\": {\"type\": \"plain\", \"to\": \"x\"}}}",
        "{\"streams\": {\"s\": {\"labels\": [\"a\"], \"sample\": 1, \"compact\": true}}}",
        "{\"streams\": {\"s\": {\"when\": \"1s\"}, \"t\": {\"when\": {\"for\": 1}}}}",
        "{\"streams\": {\"s\": {\"limit\": \"${env:N:-5}\", \"buffer\": \"${env:N:-disk}\"}}}"
      })
  void whatBindsIsValid(String json) {
    assertThat(Samples.lines(json)).isEmpty();
    assertThat(valid(json)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"sinks\": {}}",
        "{\"admin\": []}",
        "{\"admin\": {\"listen\": \"9090\"}}",
        "{\"sources\": {\".a\": " + WEB + "}}}",
        "{\"sources\": {\"a\": {\"to\": \"x\"}}}",
        "{\"sources\": {\"a\": {\"type\": \"plain\"}}}",
        "{\"sources\": {\"a\": {\"type\": \"none\", \"to\": \"x\"}}}",
        "{\"sources\": {\"a\": {\"type\": \"plain\", \"to\": \"x\", \"path\": \"/\"}}}",
        "{\"sources\": {\"a\": " + WEB + ", \"inFlight\": \"3\"}}}",
        "{\"sources\": {\"a\": " + WEB + ", \"inFlight\": 3.5}}}",
        "{\"sources\": {\"a\": " + WEB + ", \"maxBody\": 5}}}",
        "{\"sources\": {\"a\": " + WEB + ", \"auth\": {\"type\": \"nobody\"}}}}",
        "{\"sources\": {\"a\": " + WEB + ", \"auth\": {\"type\": \"none\", \"keys\": []}}}}",
        "{\"sources\": {\"a\": " + WEB + ", \"retry\": {\"first\": \"soon\"}}}}",
        "{\"sources\": {\"a\": " + WEB + ", \"headers\": {\"a\": null}}}}",
        "{\"streams\": {\"s\": {\"buffer\": \"tape\"}}}",
        "{\"streams\": {\"s\": {\"compact\": 1}}}",
        "{\"streams\": {\"s\": {\"when\": {}}}}",
        "{\"streams\": {\"s\": {\"when\": {\"for\": 1, \"max\": \"1s\"}}}}",
        "{\"streams\": {\"s\": null}}"
      })
  void whatDoesNotBindIsNotValid(String json) {
    assertThat(Samples.lines(json)).isNotEmpty();
    assertThat(valid(json)).isFalse();
  }

  @Test
  void keysCarryTheirDocumentationAndPreset() {
    JsonObject web =
        new JsonObject(ConfigSchema.of(Samples.LAYOUT))
            .getJsonObject("properties")
            .getJsonObject("sources")
            .getJsonObject("additionalProperties")
            .getJsonArray("allOf")
            .getJsonObject(0)
            .getJsonObject("then");

    assertThat(web.getJsonArray("required")).containsExactly("to", "listen");
    assertThat(web.getJsonObject("properties").getJsonObject("inFlight").encode())
        .isEqualTo(
            "{\"description\":\"How many at once.\",\"type\":[\"integer\",\"string\"],"
                + "\"pattern\":\"\\\\$\\\\{(env|file):\",\"default\":4}");
    assertThat(web.getJsonObject("properties").getJsonObject("maxBody").getString("default"))
        .isEqualTo("1MiB");
  }

  @Test
  void theReferenceHasARowForEachKey() {
    assertThat(ConfigReference.of(Samples.LAYOUT))
        .contains(
            "## `sources`",
            "### `sources` of type `web`",
            "| `type` | one of `web`, `plain` | required |",
            "| `listen` | an address like 127.0.0.1:8080 | required | Address to listen on. |",
            "| `retry.first` | a duration like 250ms, 30s or 24h | `250ms` | First wait. |",
            "| `auth(api-key).keys` | a secret, best written as ${file:/run/secrets/name}, or a"
                + " list of such |  | The keys. |",
            "| `when` | a duration, or an object with one of the keys for, min | `1s` | When to"
                + " sync. |",
            "| `when.for` | a whole number | required | The hour. |",
            "| `buffer` | one of `disk`, `memory-only` | `disk` | What holds it. |",
            "No keys of its own.");
  }

  private static boolean valid(String json) {
    JsonSchema schema = JsonSchema.of(new JsonObject(ConfigSchema.of(Samples.LAYOUT)));
    return Validator.create(
            schema,
            new JsonSchemaOptions()
                .setBaseUri("app://sluice")
                .setDraft(Draft.DRAFT202012)
                .setOutputFormat(OutputFormat.Basic))
        .validate(new JsonObject(json))
        .getValid();
  }
}
