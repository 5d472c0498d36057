package io.sluice.config;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a sealed interface whose forms are told apart by what is there instead of by a key {@code
 * type}. A form with {@link Text} is written as a string; there is at most one. Each other form is
 * a record, written as an object and known by its first key, which it cannot do without.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Untagged {}
