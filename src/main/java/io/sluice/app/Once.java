package io.sluice.app;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes something when it is first asked for, and gives that from then on; who asks meanwhile
 * waits. Used while wiring.
 */
final class Once<T> implements Supplier<T> {
  private final Supplier<T> maker;
  private @Nullable T made;

  Once(Supplier<T> maker) {
    this.maker = maker;
  }

  @Override
  public synchronized T get() {
    T there = made;
    if (there == null) {
      there = maker.get();
      made = there;
    }
    return there;
  }
}
