package io.sluice.control;

import io.sluice.config.Problem;
import io.sluice.replica.ReplicasConfig;
import java.util.function.Supplier;

/**
 * A configuration without errors.
 *
 * @param admin settings of the admin listener
 * @param replicas what is said of other gateways that do the same
 * @param settings what shall run
 * @param masked the merged files as JSON, every secret masked; for operators to look at
 * @param blame says what turned out to be wrong later
 */
public record Configuration<A extends Record>(
    A admin, ReplicasConfig replicas, Settings settings, Supplier<String> masked, Blame blame) {
  /** Names the place of something that is wrong with a value. */
  @FunctionalInterface
  public interface Blame {
    /**
     * The problem, with file and line.
     *
     * @param pointer the value's
     * @param suggestion what to do
     */
    Problem at(String pointer, String message, String suggestion);
  }
}
