package io.sluice.config;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A type that is written as one JSON string. It has a {@code public static} method {@code parse}
 * that takes the string and throws {@link IllegalArgumentException} with a message for the
 * operator; the message must not repeat the string.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Text {
  /** What such a value is called in a sentence: "a size like 64KiB". */
  String what();

  /** An ECMA-262 regular expression for the schema, so that editors can check while typing. */
  String pattern() default "";
}
