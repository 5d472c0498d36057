package io.sluice.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The reference of every key, as Markdown tables, read off the schema. */
public final class ConfigReference {
  private final StringBuilder page = new StringBuilder();

  private ConfigReference() {}

  /** A part of the page for each section. */
  public static String of(List<Section> layout) {
    ConfigReference reference = new ConfigReference();
    layout.forEach(reference::section);
    return reference.page.toString();
  }

  private void section(Section section) {
    String title = "`" + section.key() + "`";
    page.append("\n## ").append(title).append("\n\n").append(section.doc()).append("\n\n");
    List<String> rows = new ArrayList<>();
    if (!section.types().isEmpty()) {
      rows.add(
          row(
              "type",
              "one of " + quoted(section.types().keySet()),
              "required",
              "Decides which other keys there are."));
    }
    rows(rows, "", ConfigSchema.record(section.common()));
    table(rows);
    section
        .types()
        .forEach(
            (type, record) -> {
              page.append("\n### ").append(title).append(" of type `").append(type).append("`\n\n");
              List<String> own = new ArrayList<>();
              rows(own, "", ConfigSchema.record(record));
              table(own);
            });
  }

  private void table(List<String> rows) {
    if (rows.isEmpty()) {
      page.append("No keys of its own.\n");
      return;
    }
    page.append("| key | value | default | what it does |\n|---|---|---|---|\n");
    rows.forEach(row -> page.append(row).append('\n'));
  }

  private static void rows(List<String> rows, String prefix, JsonNode object) {
    for (var property : object.path("properties").properties()) {
      JsonNode schema = property.getValue();
      String key = prefix + property.getKey();
      rows.add(
          row(
              key,
              value(schema),
              preset(object, property.getKey(), schema),
              schema.path("description").asText()));
      rows(rows, key + ".", schema);
      for (JsonNode variant : schema.path("oneOf")) {
        String name = variant.at("/properties/type/enum/0").asText();
        ObjectNode own = variant.deepCopy();
        if (!name.isEmpty()) {
          own.withObject("/properties").remove("type");
        }
        rows(rows, key + (name.isEmpty() ? "." : "(" + name + ")."), own);
      }
    }
  }

  private static String preset(JsonNode object, String key, JsonNode schema) {
    if (schema.has("default")) {
      return "`" + schema.get("default").asText() + "`";
    }
    for (JsonNode required : object.path("required")) {
      if (required.asText().equals(key)) {
        return "required";
      }
    }
    return "";
  }

  private static String value(JsonNode schema) {
    if (schema.has("oneOf") && schema.has("title")) {
      return schema.get("title").asText();
    } else if (schema.has("oneOf")) {
      List<String> names = new ArrayList<>();
      schema.get("oneOf").forEach(one -> names.add(one.at("/properties/type/enum/0").asText()));
      return "an object whose `type` is one of " + quoted(names);
    } else if (schema.at("/anyOf/1/items").isObject()) {
      return value(schema.at("/anyOf/0")) + ", or a list of such";
    } else if (schema.at("/anyOf/0/enum").isArray()) {
      List<String> names = new ArrayList<>();
      schema.at("/anyOf/0/enum").forEach(name -> names.add(name.asText()));
      return "one of " + quoted(names);
    } else if (schema.path("additionalProperties").isObject()) {
      return "an object of any keys, each with " + value(schema.get("additionalProperties"));
    } else if (schema.has("title")) {
      return schema.get("title").asText();
    } else if (schema.path("type").isArray()) {
      return switch (schema.at("/type/0").asText()) {
        case "boolean" -> "`true` or `false`";
        case "integer" -> "a whole number";
        default -> "a number";
      };
    }
    return "an object";
  }

  private static String quoted(Iterable<String> names) {
    return "`" + String.join("`, `", names) + "`";
  }

  private static String row(String key, String value, String preset, String doc) {
    return String.format(
        Locale.ROOT, "| `%s` | %s | %s | %s |", key, cell(value), cell(preset), cell(doc));
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("\n", " ");
  }
}
