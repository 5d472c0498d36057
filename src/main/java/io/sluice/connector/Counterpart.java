package io.sluice.connector;

/**
 * A push source that a pull source goes by; both feed one stream.
 *
 * @param key the key that names it, as a path with slashes below the connector's settings
 * @param source its name
 * @param comparing whether it matters what both of them bring, so that their stream has to leave
 *     out repeats
 */
public record Counterpart(String key, String source, boolean comparing) {}
