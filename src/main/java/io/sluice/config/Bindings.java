package io.sluice.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A configuration as far as it could be bound to records. Whoever knows more about what the records
 * mean adds to the {@link #problems()} and ends with {@link Problems#toChecked}.
 */
public final class Bindings {
  private final Map<String, List<Entry>> entries;
  private final Problems problems;
  private final Supplier<String> masked;

  private Bindings(Map<String, List<Entry>> entries, Problems problems, Supplier<String> masked) {
    this.entries = entries;
    this.problems = problems;
    this.masked = masked;
  }

  /**
   * One thing in a section.
   *
   * @param name what the operator calls it; empty in a section that holds one thing
   * @param pointer where it stands
   * @param type what its key {@code type} says; absent when that is wrong or there is no such key
   * @param common the record of the keys that all have; absent when something in it is wrong
   * @param special the record of its type; absent when something in it is wrong, or there is none
   */
  public record Entry(
      String name,
      String pointer,
      Optional<String> type,
      Optional<Record> common,
      Optional<Record> special) {}

  /**
   * Binds what was read to the records of {@code layout}. Blocks when secrets have to be read from
   * files.
   *
   * @return the bindings, possibly with problems in parts; or only problems, when the files cannot
   *     be read as JSON at all
   */
  public static Checked<Bindings> of(
      Reading reading, List<Section> layout, Environment environment) {
    Problems problems = new Problems(reading.start());
    Optional<Document> document = Document.of(reading, environment, problems);
    return document.isEmpty()
        ? new Checked.Bad<>(problems.list())
        : new Checked.Good<>(of(document.get(), layout, problems), List.of());
  }

  private static Bindings of(Document document, List<Section> layout, Problems problems) {
    Binder binder = new Binder(document, problems);
    Map<String, Section> known =
        layout.stream()
            .collect(
                Collectors.toMap(
                    Section::key, Function.identity(), (a, b) -> a, LinkedHashMap::new));
    binder.refuseUnknown("", document.root(), known.keySet());
    Map<String, List<Entry>> entries = new LinkedHashMap<>();
    for (Section section : layout) {
      entries.put(
          section.key(), section(document.root().get(section.key()), section, binder, problems));
    }
    return new Bindings(entries, problems, document.masked(binder.secrets()));
  }

  private static List<Entry> section(
      @Nullable JsonNode found, Section section, Binder binder, Problems problems) {
    String pointer = "/" + section.key();
    JsonNode node = found == null ? JsonNodeFactory.instance.objectNode() : found;
    Optional<ObjectNode> object = binder.object(pointer, node);
    if (!section.named()) {
      return object.map(thing -> entry("", pointer, thing, section, binder)).stream().toList();
    }
    List<Entry> things = new ArrayList<>();
    for (var property : object.map(ObjectNode::properties).orElse(Set.of())) {
      String name = property.getKey();
      String below = pointer + "/" + JsonText.escape(name);
      if (!Names.fits(name)) {
        problems.badKey(below, "the name \"" + name + "\" " + Names.RULE, Optional.empty());
      }
      binder
          .object(below, property.getValue())
          .ifPresent(thing -> things.add(entry(name, below, thing, section, binder)));
    }
    return List.copyOf(things);
  }

  private static Entry entry(
      String name, String pointer, ObjectNode thing, Section section, Binder binder) {
    Optional<Record> common = binder.record(pointer, thing, section.common());
    if (section.types().isEmpty()) {
      binder.refuseUnknown(pointer, thing, List.of(section.common()));
      return new Entry(name, pointer, Optional.empty(), common, Optional.empty());
    }
    Optional<String> type = binder.type(pointer, thing, section.types().keySet());
    Optional<Class<? extends Record>> record =
        type.flatMap(known -> Optional.ofNullable(section.types().get(known)));
    record.ifPresent(
        special ->
            binder.refuseUnknown(pointer, thing, List.of(section.common(), special), "type"));
    Optional<Record> special = record.flatMap(known -> binder.record(pointer, thing, known));
    return new Entry(name, pointer, type, common, special);
  }

  /**
   * A record in which every key was left out.
   *
   * @throws IllegalArgumentException when the record has keys that cannot be
   */
  public static <R extends Record> R presets(Class<R> type) {
    Problems problems = new Problems(Path.of(""));
    return new Binder(Document.empty(), problems)
        .record("", JsonNodeFactory.instance.objectNode(), type)
        .map(type::cast)
        .orElseThrow(() -> new IllegalArgumentException(problems.list().toString()));
  }

  /**
   * What stands under a key of the root, in the order of the files; defaults where nothing does.
   */
  public List<Entry> section(String key) {
    return entries.getOrDefault(key, List.of());
  }

  public Problems problems() {
    return problems;
  }

  /** The merged configuration as JSON, every secret masked; made when it is asked for. */
  public Supplier<String> masked() {
    return masked;
  }
}
