package io.sluice.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Makes records from the document. What cannot be made is empty, and among the problems with its
 * pointer; the rest goes on, so that one run finds everything. Used by one thread.
 */
final class Binder {
  private static final ObjectNode NOTHING = JsonNodeFactory.instance.objectNode();

  private final Document document;
  private final Problems problems;
  private final Map<Class<?>, Optional<Leaf>> leaves = new HashMap<>();
  private final Map<Class<?>, Map<String, Object>> constants = new HashMap<>();

  /** What keys mean that are left out; a thousand sources that leave them out share it. */
  private final IdentityHashMap<Shape.Slot, Optional<?>> presets = new IdentityHashMap<>();

  private final Set<String> secrets = new HashSet<>();

  Binder(Document document, Problems problems) {
    this.document = document;
    this.problems = problems;
  }

  /** Pointers of the values that are secret by their type. */
  Collection<String> secrets() {
    return secrets;
  }

  /** The record whose keys, or some of them, stand in {@code object}. */
  Optional<Record> record(String pointer, ObjectNode object, Class<? extends Record> type) {
    Shape shape = Shape.of(type);
    Object[] values = new Object[shape.slots().size()];
    boolean whole = true;
    for (int i = 0; i < values.length; i++) {
      Shape.Slot slot = shape.slots().get(i);
      Optional<?> value =
          slot.inline() ? record(pointer, object, slot.inlined()) : key(pointer, object, slot);
      whole &= value.isPresent();
      value.ifPresent(set(values, i));
    }
    if (!whole) {
      return Optional.empty();
    }
    try {
      return Optional.of(shape.make(values));
    } catch (BadValueException bad) {
      problems.error(pointer + "/" + bad.key(), String.valueOf(bad.getMessage()));
    } catch (IllegalArgumentException bad) {
      problems.error(pointer, String.valueOf(bad.getMessage()));
    }
    return Optional.empty();
  }

  /** Reports each key of {@code object} that is in none of the records. */
  void refuseUnknown(
      String pointer, ObjectNode object, List<Class<? extends Record>> types, String... more) {
    Set<String> known = new LinkedHashSet<>(List.of(more));
    types.forEach(type -> known.addAll(Shape.of(type).names()));
    refuseUnknown(pointer, object, known);
  }

  /** Reports each key of {@code object} that is none of {@code known}. */
  void refuseUnknown(String pointer, ObjectNode object, Collection<String> known) {
    object
        .fieldNames()
        .forEachRemaining(
            key -> {
              if (!known.contains(key)) {
                problems.badKey(
                    pointer + "/" + JsonText.escape(key),
                    "unknown key \"" + key + "\"",
                    Nearest.hint(key, known)
                        .or(() -> Optional.of("known here: " + String.join(", ", known))));
              }
            });
  }

  /** What the key {@code "type"} says, if it is one of these. */
  Optional<String> type(String pointer, ObjectNode object, Collection<String> known) {
    JsonNode type = object.path("type");
    String at = pointer + "/type";
    String choice = "one of " + String.join(", ", known);
    if (type.isMissingNode()) {
      problems.error(at, "is missing: " + choice);
    } else if (!type.isTextual()) {
      return wrong(at, choice, type);
    } else if (known.contains(type.textValue())) {
      return Optional.of(type.textValue());
    } else if (!document.broken(at)) {
      problems.error(
          at,
          "unknown type \"" + type.textValue() + "\": must be " + choice,
          Nearest.hint(type.textValue(), known));
    }
    return Optional.empty();
  }

  /** The object at {@code pointer}, or a problem. */
  Optional<ObjectNode> object(String pointer, JsonNode node) {
    if (node instanceof ObjectNode object) {
      return Optional.of(object);
    }
    return wrong(pointer, "an object", node);
  }

  private Optional<?> key(String pointer, ObjectNode object, Shape.Slot slot) {
    String below = pointer + "/" + slot.key();
    JsonNode node = object.get(slot.key());
    if (node != null) {
      return value(below, node, slot.type());
    }
    Optional<?> known = presets.get(slot);
    if (known != null) {
      return known;
    }
    Optional<?> preset = absent(below, slot);
    if (preset.isPresent()) {
      presets.put(slot, preset);
    }
    return preset;
  }

  /** The value of a key that is left out, or a problem. */
  private Optional<?> absent(String below, Shape.Slot slot) {
    if (!slot.preset().isEmpty()) {
      return value(below, TextNode.valueOf(slot.preset()), slot.type(), true);
    }
    Class<?> raw = raw(slot.type());
    if (raw == Optional.class) {
      return Optional.of(Optional.empty());
    } else if (raw == List.class) {
      return Optional.of(List.of());
    } else if (raw == Map.class) {
      return Optional.of(Map.of());
    } else if (raw.isRecord() && leaf(raw).isEmpty()) {
      return record(below, NOTHING, raw.asSubclass(Record.class));
    }
    problems.error(below, "is missing" + slot.about().map(key -> ": " + key.doc()).orElse(""));
    return Optional.empty();
  }

  private Optional<?> value(String pointer, JsonNode node, Type type) {
    if (document.broken(pointer)) {
      return Optional.empty();
    }
    if (node.isNull()) {
      problems.error(pointer, "is null", Optional.of("leave the key out for its default"));
      return Optional.empty();
    }
    return value(pointer, node, type, document.replaced(pointer));
  }

  private Optional<?> value(String pointer, JsonNode node, Type type, boolean lenient) {
    Class<?> raw = raw(type);
    Optional<Leaf> leaf = leaf(raw);
    if (leaf.isPresent()) {
      return scalar(pointer, node, leaf.get(), lenient);
    } else if (raw == Optional.class) {
      Optional<?> inside = value(pointer, node, argument(type, 0), lenient);
      return inside.isPresent() ? Optional.of(inside) : inside;
    } else if (raw == List.class) {
      return list(pointer, node, argument(type, 0), lenient);
    } else if (raw == Map.class) {
      return object(pointer, node).flatMap(object -> map(pointer, object, argument(type, 1)));
    } else if (raw.isEnum()) {
      return constant(pointer, node, raw);
    } else if (raw.isRecord()) {
      return object(pointer, node)
          .flatMap(object -> whole(pointer, object, raw.asSubclass(Record.class)));
    } else if (raw.isAnnotationPresent(Untagged.class)) {
      return form(pointer, node, Forms.of(raw), lenient);
    } else if (raw.isSealed()) {
      return object(pointer, node).flatMap(object -> variant(pointer, object, raw));
    }
    throw new IllegalArgumentException("no way to read a " + raw.getName());
  }

  private Optional<Record> whole(
      String pointer, ObjectNode object, Class<? extends Record> type, String... more) {
    refuseUnknown(pointer, object, List.of(type), more);
    return record(pointer, object, type);
  }

  private Optional<Record> variant(String pointer, ObjectNode object, Class<?> sealed) {
    Map<String, Class<? extends Record>> variants = variants(sealed);
    return type(pointer, object, variants.keySet())
        .flatMap(
            type ->
                Optional.ofNullable(variants.get(type))
                    .flatMap(variant -> whole(pointer, object, variant, "type")));
  }

  private Optional<?> form(String pointer, JsonNode node, Forms forms, boolean lenient) {
    if (forms.text().isPresent() && !node.isObject()) {
      return node.isTextual()
          ? scalar(pointer, node, forms.text().get(), lenient)
          : wrong(pointer, forms.phrase(), node);
    } else if (!(node instanceof ObjectNode object)) {
      return wrong(pointer, forms.phrase(), node);
    } else {
      List<Map.Entry<String, Class<? extends Record>>> told =
          forms.records().entrySet().stream().filter(form -> object.has(form.getKey())).toList();
      if (told.size() == 1) {
        return whole(pointer, object, told.get(0).getValue());
      }
      problems.error(
          pointer,
          told.isEmpty()
              ? "must be " + forms.phrase()
              : "has "
                  + told.stream().map(Map.Entry::getKey).collect(Collectors.joining(" and "))
                  + ": only one of them can be there");
      return Optional.empty();
    }
  }

  /**
   * The records of a sealed interface by the names under which {@code type} chooses them, in the
   * order of these: compilers list permitted subclasses in orders of their own.
   */
  static Map<String, Class<? extends Record>> variants(Class<?> sealed) {
    Map<String, Class<? extends Record>> variants = new TreeMap<>();
    for (Class<?> variant : sealed.getPermittedSubclasses()) {
      variants.put(Shape.written(variant.getSimpleName()), variant.asSubclass(Record.class));
    }
    return variants;
  }

  private Optional<Object> scalar(String pointer, JsonNode node, Leaf leaf, boolean lenient) {
    if (leaf.secret()) {
      secrets.add(pointer);
      problems.hide(node.asText());
    }
    try {
      return Optional.of(leaf.read(node, lenient));
    } catch (IllegalArgumentException bad) {
      problems.error(pointer, String.valueOf(bad.getMessage()));
      return Optional.empty();
    }
  }

  private Optional<Object> constant(String pointer, JsonNode node, Class<?> type) {
    Map<String, Object> known = constants.computeIfAbsent(type, Binder::constants);
    Object constant = node.isTextual() ? known.get(node.textValue()) : null;
    if (constant != null) {
      return Optional.of(constant);
    }
    String choice = "one of " + String.join(", ", known.keySet());
    if (!node.isTextual()) {
      return wrong(pointer, choice, node);
    }
    problems.error(
        pointer,
        "\"" + node.textValue() + "\" is not " + choice,
        Nearest.hint(node.textValue(), known.keySet()));
    return Optional.empty();
  }

  private static Map<String, Object> constants(Class<?> type) {
    Map<String, Object> constants = new LinkedHashMap<>();
    for (Object constant : type.getEnumConstants()) {
      constants.put(Shape.written(((Enum<?>) constant).name()), constant);
    }
    return constants;
  }

  /** A list; a single value stands for a list of it. */
  private Optional<List<?>> list(String pointer, JsonNode node, Type element, boolean lenient) {
    if (!(node instanceof ArrayNode array)) {
      return value(pointer, node, element, lenient).map(List::of);
    }
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      value(pointer + "/" + i, array.get(i), element).ifPresent(values::add);
    }
    return values.size() == array.size() ? Optional.of(List.copyOf(values)) : Optional.empty();
  }

  private Optional<Map<String, ?>> map(String pointer, ObjectNode object, Type element) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (var property : object.properties()) {
      value(pointer + "/" + JsonText.escape(property.getKey()), property.getValue(), element)
          .ifPresent(value -> values.put(property.getKey(), value));
    }
    return values.size() == object.size()
        ? Optional.of(Collections.unmodifiableMap(values))
        : Optional.empty();
  }

  private <T> Optional<T> wrong(String pointer, String wanted, JsonNode node) {
    problems.error(pointer, "must be " + wanted + ", but is " + Kind.of(node).phrase());
    return Optional.empty();
  }

  private Optional<Leaf> leaf(Class<?> type) {
    return leaves.computeIfAbsent(type, Leaf::of);
  }

  private static Class<?> raw(Type type) {
    return type instanceof ParameterizedType generic
        ? (Class<?>) generic.getRawType()
        : (Class<?>) type;
  }

  private static Type argument(Type type, int index) {
    return ((ParameterizedType) type).getActualTypeArguments()[index];
  }

  private static Consumer<Object> set(Object[] values, int index) {
    return value -> values[index] = value;
  }
}
