package io.sluice.telemetry;

import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.classic.spi.ThrowableProxy;
import io.vertx.core.VertxException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletionException;

/** How a throwable is told in a log. */
final class Cause {
  private static final int DEEPEST = 8;
  private static final int FRAMES = 60;

  private Cause() {}

  /** One line: the throwable and its causes, each with its class and message. */
  static String line(IThrowableProxy thrown) {
    StringBuilder all = new StringBuilder();
    IThrowableProxy at = thrown;
    for (int depth = 0; at != null && depth < DEEPEST; depth++, at = at.getCause()) {
      String name = at.getClassName();
      all.append(depth == 0 ? "" : "; caused by ")
          .append(name.substring(name.lastIndexOf('.') + 1));
      if (at.getMessage() != null) {
        all.append(": ").append(at.getMessage());
      }
    }
    return all.toString();
  }

  /**
   * Whether it tells of a mistake in a program, where the place matters. A lost connection or a
   * full disk does not, whatever it is wrapped in.
   */
  static boolean isBug(IThrowableProxy thrown) {
    IThrowableProxy at = thrown;
    for (int depth = 0; at != null && depth < DEEPEST; depth++, at = at.getCause()) {
      if (at instanceof ThrowableProxy known && at.getStackTraceElementProxyArray().length > 0) {
        Throwable it = known.getThrowable();
        boolean expected =
            it instanceof UncheckedIOException
                || it instanceof VertxException
                || it instanceof CompletionException;
        if (!expected && (it instanceof RuntimeException || it instanceof Error)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Appends where it happened and where its causes did, each frame after {@code separator}. */
  static void frames(StringBuilder to, IThrowableProxy thrown, String separator) {
    IThrowableProxy at = thrown;
    for (int depth = 0; at != null && depth < DEEPEST; depth++, at = at.getCause()) {
      if (depth > 0) {
        to.append(separator).append("caused by ").append(at.getClassName());
      }
      StackTraceElementProxy[] frames = at.getStackTraceElementProxyArray();
      int own = Math.min(frames.length - at.getCommonFrames(), FRAMES);
      for (int i = 0; i < own; i++) {
        to.append(separator).append("  ").append(frames[i].getSTEAsString());
      }
    }
  }
}
