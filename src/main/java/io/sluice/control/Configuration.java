package io.sluice.control;

/**
 * A configuration without errors.
 *
 * @param admin settings of the admin listener
 * @param settings what shall run
 * @param masked the merged files as JSON, every secret masked; for operators to look at
 */
public record Configuration<A extends Record>(A admin, Settings settings, String masked) {}
