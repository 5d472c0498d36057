package io.sluice.app;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * Hears SIGTERM, SIGINT and SIGHUP.
 *
 * <p>A shutdown hook alone hears only the first of them. The one way to hear more is {@code
 * sun.misc.Signal}, which module {@code jdk.unsupported} exports for that, but which no compiler
 * lets pass without a warning that cannot be switched off; hence by name.
 */
final class Signals {
  private Signals() {}

  /**
   * Calls {@code heard} with 1, 2, 3… for each of these signals, on the JVM's thread for signals.
   * Where that cannot be had, as under {@code -Xrs}, the JVM goes on doing what it does by itself.
   */
  static void hear(List<String> names, IntConsumer heard) {
    AtomicInteger number = new AtomicInteger();
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object ours =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  heard.accept(number.incrementAndGet());
                }
                return null;
              });
      for (String name : names) {
        signal
            .getMethod("handle", signal, handler)
            .invoke(null, signal.getConstructor(String.class).newInstance(name), ours);
      }
    } catch (ReflectiveOperationException notHere) {
      // The shutdown hook still hears the first one.
    }
  }
}
