package io.sluice.report;

import java.util.Optional;

/**
 * What a source came to.
 *
 * @param now since it runs with the settings it has
 * @param before with the settings it had before, up to their change
 */
public record Account(Figures now, Optional<Figures> before) {}
