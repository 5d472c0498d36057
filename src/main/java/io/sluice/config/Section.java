package io.sluice.config;

import java.util.Map;

/**
 * A key at the root of the configuration.
 *
 * @param key its name
 * @param doc what stands there, as a sentence
 * @param named whether it holds any number of things under names of the operator's, or one thing
 * @param common the keys that each thing has
 * @param types what a key {@code "type"} can say, and the keys that a thing of that type has beside
 *     the common ones; empty when there is no such key
 */
public record Section(
    String key,
    String doc,
    boolean named,
    Class<? extends Record> common,
    Map<String, Class<? extends Record>> types) {}
