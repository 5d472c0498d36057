package io.sluice.journal;

/**
 * What came of a salvage.
 *
 * @param events how many were copied
 * @param remembers whether something was remembered of the journal's events
 * @param memory whether that was copied; else repeats of events are taken as new
 */
public record Salvaged(long events, boolean remembers, boolean memory) {}
