package io.sluice.admin;

import java.util.ArrayList;
import java.util.List;

/**
 * The answer to one question of health: well, unless there is trouble.
 *
 * @param troubles what is not as it should be; empty when all is well
 */
public record Health(List<Trouble> troubles) {
  public static final Health WELL = new Health(List.of());

  /**
   * One thing that is not as it should be.
   *
   * @param part what it is about: {@code stream events}, {@code listener 127.0.0.1:8080}
   * @param why one sentence for the operator, without payload or secret
   */
  public record Trouble(String part, String why) {}

  public Health {
    troubles = List.copyOf(troubles);
  }

  public static Health trouble(String part, String why) {
    return new Health(List.of(new Trouble(part, why)));
  }

  public boolean well() {
    return troubles.isEmpty();
  }

  /** The troubles of both. */
  public Health and(Health other) {
    List<Trouble> both = new ArrayList<>(troubles);
    both.addAll(other.troubles);
    return new Health(both);
  }
}
