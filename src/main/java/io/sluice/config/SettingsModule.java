package io.sluice.config;

import com.fasterxml.classmate.ResolvedType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.victools.jsonschema.generator.CustomDefinition;
import com.github.victools.jsonschema.generator.Module;
import com.github.victools.jsonschema.generator.SchemaGenerationContext;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Teaches the schema generator what {@link Binder} takes: keys with their documentation and
 * presets, units, inline records, variants, forms, and references in place of any scalar.
 */
final class SettingsModule implements Module {
  /** What a string looks like that only becomes a value once its references are replaced. */
  private static final String REFERENCE = "\\$\\{(env|file):";

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  @Override
  public void applyToConfigBuilder(SchemaGeneratorConfigBuilder builder) {
    builder.forTypesInGeneral().withCustomDefinitionProvider(SettingsModule::definition);
  }

  private static @Nullable CustomDefinition definition(
      ResolvedType type, SchemaGenerationContext context) {
    Class<?> raw = type.getErasedType();
    Optional<Leaf> leaf = Leaf.of(raw);
    if (leaf.isPresent()) {
      return inline(scalar(leaf.get()));
    } else if (raw == Optional.class) {
      return inline(context.createDefinition(type.getTypeParameters().get(0)));
    } else if (raw == List.class) {
      return inline(list(context.createDefinition(type.getTypeParameters().get(0))));
    } else if (raw == Map.class) {
      ObjectNode map = NODES.objectNode().put("type", "object");
      map.set("additionalProperties", context.createDefinition(type.getTypeParameters().get(1)));
      return inline(map);
    } else if (raw.isEnum()) {
      return inline(constants(raw));
    } else if (raw.isRecord()) {
      ObjectNode object = object();
      keys(Shape.of(raw.asSubclass(Record.class)), object, context);
      return inline(object);
    } else if (raw.isAnnotationPresent(Untagged.class)) {
      return inline(forms(Forms.of(raw), context));
    } else if (raw.isSealed()) {
      return inline(variants(raw, context));
    }
    return null;
  }

  /** An object that has no keys yet and takes no others. */
  static ObjectNode object() {
    ObjectNode object = NODES.objectNode().put("type", "object");
    object.putObject("properties");
    object.put("additionalProperties", false);
    return object;
  }

  /** Adds the key that chooses among {@code names}. */
  static void type(ObjectNode object, Iterable<String> names, String doc) {
    ObjectNode type = NODES.objectNode().put("description", doc);
    ArrayNode constants = type.putArray("enum");
    names.forEach(constants::add);
    properties(object).set("type", type);
    object.withArray("required").add("type");
  }

  static ObjectNode properties(ObjectNode object) {
    return object.withObject("/properties");
  }

  private static CustomDefinition inline(ObjectNode schema) {
    return new CustomDefinition(
        schema, CustomDefinition.DefinitionType.INLINE, CustomDefinition.AttributeInclusion.NO);
  }

  private static void keys(Shape shape, ObjectNode object, SchemaGenerationContext context) {
    for (Shape.Slot slot : shape.slots()) {
      if (slot.inline()) {
        keys(Shape.of(slot.inlined()), object, context);
        continue;
      }
      ObjectNode described = NODES.objectNode();
      slot.about().ifPresent(key -> described.put("description", key.doc()));
      ObjectNode schema = context.createDefinition(context.getTypeContext().resolve(slot.type()));
      described.setAll(schema);
      if (!slot.preset().isEmpty()) {
        described.set("default", preset(slot.preset(), slot.type()));
      }
      properties(object).set(slot.key(), described);
      if (slot.required()) {
        object.withArray("required").add(slot.key());
      }
    }
  }

  private static JsonNode preset(String preset, Type type) {
    return switch (type instanceof Class<?> plain
        ? Leaf.of(plain).map(Leaf::json).orElse("string")
        : "string") {
      case "boolean" -> NODES.booleanNode(Boolean.parseBoolean(preset));
      case "integer" -> NODES.numberNode(Long.parseLong(preset));
      case "number" -> NODES.numberNode(Double.parseDouble(preset));
      default -> NODES.textNode(preset);
    };
  }

  private static ObjectNode scalar(Leaf leaf) {
    ObjectNode scalar = NODES.objectNode();
    if (leaf.json().equals("string")) {
      scalar.put("type", "string").put("title", leaf.what());
      if (!leaf.pattern().isEmpty()) {
        scalar.put("pattern", leaf.pattern() + "|" + REFERENCE);
      }
      if (leaf.secret()) {
        scalar.put("format", "password");
      }
    } else {
      scalar.putArray("type").add(leaf.json()).add("string");
      scalar.put("pattern", REFERENCE);
    }
    return scalar;
  }

  private static ObjectNode list(ObjectNode element) {
    ObjectNode list = NODES.objectNode();
    ArrayNode either = list.putArray("anyOf");
    either.add(element);
    either.addObject().put("type", "array").set("items", element);
    return list;
  }

  private static ObjectNode constants(Class<?> type) {
    ObjectNode choice = NODES.objectNode();
    ArrayNode either = choice.putArray("anyOf");
    ArrayNode names = either.addObject().putArray("enum");
    for (Object constant : type.getEnumConstants()) {
      names.add(Shape.written(((Enum<?>) constant).name()));
    }
    either.addObject().put("type", "string").put("pattern", REFERENCE);
    return choice;
  }

  private static ObjectNode variants(Class<?> sealed, SchemaGenerationContext context) {
    ObjectNode choice = NODES.objectNode();
    ArrayNode one = choice.putArray("oneOf");
    Binder.variants(sealed)
        .forEach(
            (name, variant) -> {
              ObjectNode object = object();
              type(object, List.of(name), "Chooses this form.");
              keys(Shape.of(variant), object, context);
              one.add(object);
            });
    return choice;
  }

  private static ObjectNode forms(Forms forms, SchemaGenerationContext context) {
    ObjectNode choice = NODES.objectNode().put("title", forms.phrase());
    ArrayNode any = choice.putArray("oneOf");
    forms.text().ifPresent(leaf -> any.add(scalar(leaf)));
    forms
        .records()
        .values()
        .forEach(
            record -> {
              ObjectNode object = object();
              keys(Shape.of(record), object, context);
              any.add(object);
            });
    return choice;
  }
}
