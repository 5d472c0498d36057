package io.sluice.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A settings record as configuration sees it.
 *
 * @param slots its components, in order
 * @param names every key that may stand in its object, inline ones included
 */
record Shape(List<Slot> slots, List<String> names, Constructor<? extends Record> constructor) {
  /**
   * Reflection makes copies of all it tells, which is felt where there are thousands of records.
   */
  private static final ClassValue<Shape> KNOWN =
      new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
          return look(type.asSubclass(Record.class));
        }
      };

  /** One component: a key, or the keys of another record at the same level. */
  record Slot(String key, Type type, Optional<Key> about, Method accessor) {
    boolean inline() {
      return about.isEmpty();
    }

    /** What a record has here. */
    Object value(Record of) {
      try {
        return accessor.invoke(of);
      } catch (ReflectiveOperationException impossible) {
        throw new IllegalStateException(impossible);
      }
    }

    /** The record whose keys stand here. */
    Class<? extends Record> inlined() {
      return ((Class<?>) type).asSubclass(Record.class);
    }

    /** Whether there is no value when the key is left out. */
    boolean required() {
      Class<?> raw = raw();
      boolean absent = raw == Optional.class || raw == List.class || raw == Map.class;
      boolean nested = raw.isRecord() && !raw.isAnnotationPresent(Text.class);
      return preset().isEmpty() && !absent && !nested;
    }

    private Class<?> raw() {
      return type instanceof ParameterizedType generic
          ? (Class<?>) generic.getRawType()
          : (Class<?>) type;
    }

    String preset() {
      return about.map(Key::preset).orElse("");
    }
  }

  /**
   * What a record looks like.
   *
   * @throws IllegalArgumentException when a component says neither what it is for nor that it is
   *     inline
   */
  static Shape of(Class<? extends Record> type) {
    return KNOWN.get(type);
  }

  private static Shape look(Class<? extends Record> type) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      Constructor<? extends Record> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      List<Slot> slots = Arrays.stream(components).map(Shape::slot).toList();
      return new Shape(slots, slots.stream().flatMap(Shape::names).toList(), constructor);
    } catch (NoSuchMethodException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static Slot slot(RecordComponent component) {
    Key key = component.getAnnotation(Key.class);
    boolean inline = component.isAnnotationPresent(Inline.class);
    if ((key == null) != inline || (inline && !component.getType().isRecord())) {
      throw new IllegalArgumentException(
          component.getDeclaringRecord().getName()
              + "."
              + component.getName()
              + " needs either @Key, or @Inline on a record");
    }
    String name = key == null || key.name().isEmpty() ? component.getName() : key.name();
    Method accessor = component.getAccessor();
    accessor.setAccessible(true);
    return new Slot(name, component.getGenericType(), Optional.ofNullable(key), accessor);
  }

  private static Stream<String> names(Slot slot) {
    return slot.inline() ? of(slot.inlined()).names().stream() : Stream.of(slot.key());
  }

  /**
   * Makes the record.
   *
   * @throws IllegalArgumentException when the record refuses a value
   */
  Record make(Object[] values) {
    try {
      return constructor.newInstance(values);
    } catch (InvocationTargetException refused) {
      if (refused.getCause() instanceof IllegalArgumentException bad) {
        throw bad;
      }
      throw new IllegalStateException(refused.getCause());
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** A Java name as it is written in a file: {@code ApiKey} and {@code API_KEY} as api-key. */
  static String written(String name) {
    return name.replace('_', '-').replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
  }
}
