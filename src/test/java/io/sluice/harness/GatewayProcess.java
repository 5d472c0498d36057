package io.sluice.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/**
 * A gateway in a process of its own, on free ports, that can be stopped, killed and started again
 * with the same configuration, data and ports.
 *
 * <p>The configuration is JSON in which {@code {{name}}} stands for a free port of that name;
 * {@code {{admin}}} must be the admin listener's. Everything lives in one directory: {@code
 * sluice.json}, {@code data/}, {@code gateway.log}, and it is the working directory, so relative
 * sink paths land in it.
 *
 * <pre>{@code
 * try (GatewayProcess gateway = GatewayProcess.in(directory, config).start()) {
 *   URI url = gateway.url("http", "/v1/events");
 *   gateway.kill();
 *   gateway.start();
 * }
 * }</pre>
 *
 * <p>Used by one thread, except for {@link #port} and {@link #url}.
 */
public final class GatewayProcess implements AutoCloseable {
  private static final Pattern PORT = Pattern.compile("\\{\\{(\\w+)}}");
  private static final long POLL_NANOS = Duration.ofMillis(20).toNanos();
  private static final Duration READY_WITHIN = Duration.ofSeconds(30);
  private static final Duration STOP_WITHIN = Duration.ofSeconds(60);

  private final Path directory;
  private final Map<String, Integer> ports;
  private final List<String> launch;
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
  private final List<String> options = new ArrayList<>();
  private final List<String> under = new ArrayList<>();
  private String address = "127.0.0.1";
  private Path configuration;
  private ChildJvm child;

  private GatewayProcess(Path directory, Map<String, Integer> ports, List<String> launch) {
    this.directory = directory;
    this.ports = ports;
    this.launch = launch;
    this.configuration = directory.resolve("sluice.json");
  }

  /**
   * A gateway with the classes under test, not started yet; with a small heap and without the
   * optimising compiler, so that it starts quickly.
   */
  public static GatewayProcess in(Path directory, String config) {
    return launched(directory, config, QuickStart.launch());
  }

  /** A gateway started with the given options and main class (or {@code -jar} and its file). */
  public static GatewayProcess launched(Path directory, String config, List<String> launch) {
    Map<String, Integer> ports = new HashMap<>();
    String filled =
        PORT.matcher(config)
            .replaceAll(
                name ->
                    Integer.toString(ports.computeIfAbsent(name.group(1), n -> FreePorts.next())));
    try {
      Files.createDirectories(directory);
      Files.writeString(directory.resolve("sluice.json"), filled);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new GatewayProcess(directory, ports, launch);
  }

  /** Names another file or directory to configure it by, for every start from now on. */
  public GatewayProcess configuredBy(Path fileOrDirectory) {
    configuration = fileOrDirectory;
    return this;
  }

  /** Adds options of {@code sluice run} for every start from now on. */
  public GatewayProcess with(String... more) {
    options.addAll(List.of(more));
    return this;
  }

  /**
   * Has every start from now on made by a program that becomes the JVM, {@code env}, say; its name
   * and arguments.
   */
  public GatewayProcess under(String... program) {
    under.addAll(List.of(program));
    return this;
  }

  /** Has it run on a host of its own, where its listeners have to be bound to its address. */
  public GatewayProcess on(Hosts.Host host) {
    address = host.address();
    return under(host.enter());
  }

  /** Starts the process and returns when {@code /health/ready} answers 200. */
  public GatewayProcess start() {
    launch();
    awaitReady();
    return this;
  }

  /**
   * Starts the process, with more options if need be, and returns at once; for gateways that are
   * expected not to come up.
   */
  public ChildJvm launch(String... more) {
    if (child != null && child.alive()) {
      throw new IllegalStateException("runs already");
    }
    List<String> command = new ArrayList<>(under);
    command.add(ChildJvm.java());
    command.addAll(launch);
    command.addAll(
        List.of(
            "run", "-c", configuration.toString(), "--data", directory.resolve("data").toString()));
    command.addAll(List.of(more));
    command.addAll(options);
    child = ChildJvm.of(directory, directory.resolve("gateway.log"), command);
    return child;
  }

  /**
   * Starts another command of {@code sluice} in a process of its own, whether the gateway runs or
   * not.
   *
   * @param log file that what it prints is appended to
   */
  public ChildJvm beside(Path log, String... words) {
    List<String> command = new ArrayList<>(launch);
    command.addAll(List.of(words));
    return ChildJvm.start(directory, log, command);
  }

  /** Waits until {@code /health/ready} answers 200; fails, with the output, if the process ends. */
  public void awaitReady() {
    long deadline = System.nanoTime() + READY_WITHIN.toNanos();
    while (child.alive() && System.nanoTime() - deadline < 0) {
      if (status("/health/ready") == 200) {
        return;
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
    throw new AssertionError(
        child.alive()
            ? "not ready within " + READY_WITHIN + ":\n" + output()
            : "ended instead of becoming ready:\n" + output());
  }

  /** The status the admin listener answers a GET with; 0 when nobody answers. */
  public int status(String path) {
    try {
      return client
          .send(
              HttpRequest.newBuilder(url("admin", path)).timeout(Duration.ofSeconds(2)).build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    } catch (IOException e) {
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  /** The body the admin listener answers a GET with. */
  public String get(String path) {
    try {
      return client
          .send(
              HttpRequest.newBuilder(url("admin", path)).timeout(Duration.ofSeconds(5)).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** The port that {@code {{name}}} in the configuration became. */
  public int port(String name) {
    Integer port = ports.get(name);
    if (port == null) {
      throw new IllegalArgumentException("the configuration has no {{" + name + "}}");
    }
    return port;
  }

  public URI url(String port, String path) {
    return URI.create("http://" + address + ":" + port(port) + path);
  }

  public Path directory() {
    return directory;
  }

  public long pid() {
    return child.pid();
  }

  public boolean alive() {
    return child != null && child.alive();
  }

  /** What every run printed so far. */
  public String output() {
    return child == null ? "" : child.output();
  }

  /** Sends SIGTERM and waits for the drain; answers the exit code. */
  public int stop() {
    return child.stop(STOP_WITHIN);
  }

  /** Waits until it ends by itself; answers the exit code. */
  public int exitCode() {
    return child.exitCode(STOP_WITHIN);
  }

  /** Sends SIGKILL and waits until the process is gone. */
  public void kill() {
    child.kill();
  }

  @Override
  public void close() {
    if (child != null) {
      child.close();
    }
  }
}
