package io.sluice.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The forms of an {@link Untagged} interface.
 *
 * @param text what a string becomes, when one is a string
 * @param records the others by the key that tells them, in the order of these: compilers list
 *     permitted subclasses in orders of their own
 */
record Forms(Optional<Leaf> text, Map<String, Class<? extends Record>> records) {
  static Forms of(Class<?> sealed) {
    Optional<Leaf> text = Optional.empty();
    Map<String, Class<? extends Record>> records = new TreeMap<>();
    for (Class<?> form : sealed.getPermittedSubclasses()) {
      Optional<Leaf> leaf = Leaf.of(form);
      if (leaf.isPresent()) {
        text = leaf;
      } else {
        Class<? extends Record> type = form.asSubclass(Record.class);
        records.put(Shape.of(type).names().get(0), type);
      }
    }
    return new Forms(text, records);
  }

  /** What such a value is, in a sentence. */
  String phrase() {
    List<String> phrases = new ArrayList<>();
    text.map(Leaf::what).ifPresent(phrases::add);
    if (!records.isEmpty()) {
      phrases.add(
          (records.size() == 1 ? "an object with the key " : "an object with one of the keys ")
              + String.join(", ", records.keySet()));
    }
    return String.join(", or ", phrases);
  }
}
