package io.sluice.config;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A key of the configuration: the record component it stands on, under the component's name or one
 * that cannot be a component's. Schema, reference page and editors show what is written here.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Key {
  /** How it is written, when the component cannot have that name. */
  String name() default "";

  /** What it does, as a sentence. */
  String doc();

  /**
   * The value when the key is left out, as it would be written in the file but without quotes. None
   * makes the key required, unless its type has a natural absence.
   */
  String preset() default "";
}
