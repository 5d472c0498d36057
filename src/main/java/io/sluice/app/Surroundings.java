package io.sluice.app;

import io.sluice.flow.Flow;
import io.sluice.telemetry.Logging;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.transport.Transport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the process has once: its Vert.x, and its end. Used by the main thread. */
final class Surroundings {
  /**
   * Event loops: one a core, and two at the least, so that the admin listener answers beside a busy
   * one.
   */
  static final int LOOPS = Math.max(2, Runtime.getRuntime().availableProcessors());

  private volatile boolean ending;
  private final Once<Vertx> vertx =
      new Once<>(
          () -> {
            Vertx made = builder().build();
            Flow.install(made);
            return made;
          });

  private static final String BUFFER_EVENTS = "io.netty.jfr.enabled";

  /**
   * Settles what is read once. By the JDK, when TLS is first used: that a client cannot make the
   * gateway shake hands again and again on one connection. By Netty, with its first buffer: that it
   * does not prepare events about buffers for the flight recorder, which takes a good twentieth of
   * a start; who wants them says {@code -Dio.netty.jfr.enabled=true}.
   */
  static void prepare() {
    System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
    if (System.getProperty(BUFFER_EVENTS) == null) {
      System.setProperty(BUFFER_EVENTS, "false");
    }
  }

  /** The process's Vert.x, made when it is first asked for. */
  Vertx vertx() {
    return vertx.get();
  }

  /** What the host calls itself. Blocks. */
  static String hostName() {
    try {
      // Unlike the JDK's answer, this one asks nobody on the network.
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException notLinux) {
      String said = System.getenv("HOSTNAME");
      return said == null || said.isBlank() ? "localhost" : said;
    }
  }

  private static VertxBuilder builder() {
    // Else Vert.x answers requests of unknown HTTP versions before the listener sees them, echoing
    // the version. What upgrades to WebSocket the listeners decide themselves.
    System.setProperty("vertx.disableWebsockets", "true");
    VertxOptions options =
        new VertxOptions()
            .setEventLoopPoolSize(LOOPS)
            .setFileSystemOptions(
                new FileSystemOptions()
                    .setClassPathResolvingEnabled(false)
                    .setFileCachingEnabled(false));
    VertxBuilder builder = Vertx.builder().with(options);
    return Transport.EPOLL != null && Transport.EPOLL.available()
        ? builder.withTransport(new FairTransport(Transport.EPOLL.implementation()))
        : builder;
  }

  /**
   * Runs something when the process is told to end, which it then does with exit code 0.
   *
   * @param again called when the process is told once more while {@code last} runs
   * @param hangup called whenever the process hears SIGHUP
   */
  Runnable before(Runnable last, Runnable again, Runnable hangup) {
    Thread hook =
        new Thread(
            () -> {
              ending = true;
              last.run();
              Logging.stop();
              Runtime.getRuntime().halt(0);
            },
            "terminate");
    Runtime.getRuntime().addShutdownHook(hook);
    Signals.hear(List.of("HUP"), number -> hangup.run());
    Signals.hear(
        List.of("TERM", "INT"),
        number -> {
          if (number == 1) {
            // Exiting waits for the hooks, and this thread has to hear the next signal.
            new Thread(() -> System.exit(0), "exit").start();
          } else {
            again.run();
          }
        });
    return () -> {
      if (!ending) {
        Runtime.getRuntime().removeShutdownHook(hook);
      }
    };
  }
}
