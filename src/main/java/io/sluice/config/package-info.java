/**
 * From JSON files to records that cannot be wrong: reading, merging, substitution, binding,
 * problems, and the schema and reference page drawn from the same records. Knows no connector.
 *
 * <p>A settings record has one component a key, each with {@link io.sluice.config.Key}. Components
 * may be {@code String}, {@code boolean}, {@code int}, {@code long}, {@code double}, enums (written
 * lower-case-with-dashes), {@link java.time.Duration}, {@link java.nio.file.Path}, {@link
 * java.net.URI}, any type with {@link io.sluice.config.Text}, other records, sealed interfaces of
 * records (told apart by a key {@code type}, or {@link io.sluice.config.Untagged}), and {@code
 * Optional}, {@code List} and {@code Map} of those. What may be left out is an {@code Optional}, a
 * list, a map, a record, or has a preset.
 */
@NullMarked
package io.sluice.config;

import org.jspecify.annotations.NullMarked;
