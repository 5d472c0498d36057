package io.sluice.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import java.util.List;

/**
 * The JSON Schema (draft 2020-12) of a configuration, drawn from the records it is bound to.
 * Editors complete and check with it; the gateway itself checks by binding, which knows more and
 * tells lines.
 */
public final class ConfigSchema {
  private ConfigSchema() {}

  /** The schema as JSON text, with a line end at its end. */
  public static String of(List<Section> layout) {
    return tree(layout).toPrettyString() + "\n";
  }

  static ObjectNode tree(List<Section> layout) {
    ObjectNode root = SettingsModule.object();
    root.put("$schema", SchemaVersion.DRAFT_2020_12.getIdentifier())
        .put("title", "Sluice configuration");
    SettingsModule.properties(root)
        .putObject("$schema")
        .put("description", "Where editors find this schema.")
        .put("type", "string");
    for (Section section : layout) {
      SettingsModule.properties(root).set(section.key(), section(section));
    }
    return root;
  }

  private static ObjectNode section(Section section) {
    ObjectNode thing = section.types().isEmpty() ? record(section.common()) : typed(section);
    if (!section.named()) {
      return thing.put("description", section.doc());
    }
    ObjectNode things = thing.objectNode().put("description", section.doc()).put("type", "object");
    things.putObject("propertyNames").put("pattern", Names.PATTERN);
    things.set("additionalProperties", thing);
    return things;
  }

  /** One branch a type, so that an editor complains about the keys of the type that was chosen. */
  private static ObjectNode typed(Section section) {
    ObjectNode thing = SettingsModule.object();
    thing.remove("additionalProperties");
    SettingsModule.type(thing, section.types().keySet(), "Decides which other keys there are.");
    section
        .types()
        .forEach(
            (type, record) -> {
              ObjectNode branch = thing.withArray("allOf").addObject();
              branch.putObject("if").putObject("properties").putObject("type").put("const", type);
              branch.withObject("/if").putArray("required").add("type");
              branch.set("then", together(section, record));
            });
    return thing;
  }

  private static ObjectNode together(Section section, Class<? extends Record> special) {
    ObjectNode whole = record(section.common());
    ObjectNode more = record(special);
    ObjectNode properties = SettingsModule.properties(whole);
    properties.putObject("type");
    properties.setAll(SettingsModule.properties(more));
    if (more.has("required")) {
      more.get("required").forEach(whole.withArray("required")::add);
    }
    return whole;
  }

  /** The object that one record stands for. */
  static ObjectNode record(Class<? extends Record> type) {
    return new SchemaGenerator(
            new SchemaGeneratorConfigBuilder(SchemaVersion.DRAFT_2020_12, OptionPreset.PLAIN_JSON)
                .with(Option.INLINE_ALL_SCHEMAS)
                .without(Option.SCHEMA_VERSION_INDICATOR)
                .with(new SettingsModule())
                .build())
        .generateSchema(type)
        .deepCopy();
  }
}
