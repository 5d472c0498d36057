package io.sluice.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.util.DefaultJoranConfigurator;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * What holds until {@link Logging#start}: Logback's own configuration file if somebody brings one,
 * readable lines otherwise. Found by Logback as a service, which it asks before looking for files.
 */
public final class FirstLogging extends ContextAwareBase implements Configurator {
  @Override
  public ExecutionStatus configure(LoggerContext context) {
    DefaultJoranConfigurator files = new DefaultJoranConfigurator();
    files.setContext(context);
    if (files.configure(context) == ExecutionStatus.INVOKE_NEXT_IF_ANY) {
      readable(context);
    }
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  static void readable(LoggerContext context) {
    Logging.attach(context, Logging.console(context, LogFormat.TEXT), Level.INFO);
  }
}
