package io.sluice.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * All files as one object, with every reference replaced. Confined to whoever builds it.
 *
 * <p>Objects are merged key by key; anything else in a later file takes the place of what an
 * earlier one said.
 */
final class Document {
  private static final String SCHEMA = "$schema";

  private final ObjectNode root;
  private final Set<String> replaced = new HashSet<>();
  private final Set<String> secret = new HashSet<>();
  private final Set<String> broken = new HashSet<>();

  private Document(ObjectNode root) {
    this.root = root;
  }

  /** A document that says nothing. */
  static Document empty() {
    return new Document(JsonNodeFactory.instance.objectNode());
  }

  /** The document of these texts, unless one of them could not be read. Reads secret files. */
  static Optional<Document> of(Reading reading, Environment environment, Problems problems) {
    reading.problems().forEach(problems::add);
    boolean whole = reading.problems().isEmpty();
    ObjectNode merged = JsonNodeFactory.instance.objectNode();
    for (Reading.ConfigText text : reading.texts()) {
      Optional<ObjectNode> part = JsonText.parse(text, problems);
      part.ifPresent(later -> merge(merged, later));
      whole &= part.isPresent();
    }
    if (!whole) {
      return Optional.empty();
    }
    merged.remove(SCHEMA);
    Document document = new Document(merged);
    document.replace("", merged, new References(environment, problems));
    return Optional.of(document);
  }

  ObjectNode root() {
    return root;
  }

  /**
   * Whether the string at {@code pointer} was made from a reference, and so could not be a number.
   */
  boolean replaced(String pointer) {
    return replaced.contains(pointer);
  }

  /** Whether the string at {@code pointer} holds a reference that leads nowhere. */
  boolean broken(String pointer) {
    return broken.contains(pointer);
  }

  /** The document with a mask over each secret, as JSON; the text is made when it is asked for. */
  Supplier<String> masked(Collection<String> more) {
    Set<String> hidden = new HashSet<>(secret);
    hidden.addAll(more);
    return masked("", root, hidden)::toPrettyString;
  }

  private static void merge(ObjectNode into, ObjectNode later) {
    for (var property : later.properties()) {
      JsonNode earlier = into.get(property.getKey());
      if (earlier instanceof ObjectNode a && property.getValue() instanceof ObjectNode b) {
        merge(a, b);
      } else {
        into.set(property.getKey(), property.getValue());
      }
    }
  }

  private JsonNode replace(String pointer, JsonNode node, References references) {
    if (node instanceof ObjectNode object) {
      for (var property : object.properties()) {
        String below = pointer + "/" + JsonText.escape(property.getKey());
        property.setValue(replace(below, property.getValue(), references));
      }
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, replace(pointer + "/" + i, array.get(i), references));
      }
    } else if (node.isTextual() && node.textValue().contains("${")) {
      return TextNode.valueOf(text(pointer, references.resolve(pointer, node.textValue())));
    }
    return node;
  }

  private String text(String pointer, References.Resolved resolved) {
    replaced.add(pointer);
    if (resolved.secret()) {
      secret.add(pointer);
    }
    if (resolved.broken()) {
      broken.add(pointer);
    }
    return resolved.text();
  }

  private static JsonNode masked(String pointer, JsonNode node, Set<String> hidden) {
    if (hidden.contains(pointer)) {
      return TextNode.valueOf(Secret.MASK);
    }
    if (node instanceof ObjectNode object) {
      ObjectNode copy = object.objectNode();
      for (var property : object.properties()) {
        String key = property.getKey();
        String below = pointer + "/" + JsonText.escape(key);
        copy.set(key, masked(below, property.getValue(), hidden));
      }
      return copy;
    }
    if (node instanceof ArrayNode array) {
      ArrayNode copy = array.arrayNode();
      for (int i = 0; i < array.size(); i++) {
        copy.add(masked(pointer + "/" + i, array.get(i), hidden));
      }
      return copy;
    }
    return node;
  }
}
