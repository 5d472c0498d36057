package io.sluice.config;

import org.jspecify.annotations.Nullable;

/** Where {@code ${env:NAME}} is looked up. */
@FunctionalInterface
public interface Environment {
  /** The variable's value, or null when there is none. */
  @Nullable String get(String name);
}
