package io.sluice.config;

import java.util.List;
import java.util.function.Function;

/** What came of checking a configuration: something to use, or everything that is wrong with it. */
public sealed interface Checked<T> {
  /** Usable, perhaps with warnings. */
  record Good<T>(T value, List<Problem> warnings) implements Checked<T> {
    @Override
    public <R> R fold(Function<Good<T>, R> good, Function<Bad<T>, R> bad) {
      return good.apply(this);
    }
  }

  /** Not usable; the problems include warnings too. */
  record Bad<T>(List<Problem> problems) implements Checked<T> {
    @Override
    public <R> R fold(Function<Good<T>, R> good, Function<Bad<T>, R> bad) {
      return bad.apply(this);
    }
  }

  <R> R fold(Function<Good<T>, R> good, Function<Bad<T>, R> bad);
}
