package io.sluice.source.poll.directory;

import io.sluice.config.Bindings;
import io.sluice.connector.Cursor;
import io.sluice.connector.PollSettings;
import io.sluice.harness.Loop;
import io.sluice.source.poll.FakeIntake;
import io.sluice.source.poll.FakePollContext;
import io.sluice.source.poll.Polling;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;

/** A directory, a source of it, and a clock that stands still until told otherwise. */
final class Rig implements AutoCloseable {
  /** How long a file has to stay unchanged. */
  static final Duration SETTLE = Duration.ofDays(1);

  private final Loop loop;
  private final Path directory;
  private final HandClock clock = new HandClock();
  final FakePollContext context;
  DirectorySourceConfig config;
  FakeIntake intake;
  private Polling polling;

  Rig(Vertx vertx, Path directory, String pattern) {
    this.loop = Loop.of(vertx);
    this.directory = directory;
    this.context = new FakePollContext(vertx, "logs", clock);
    this.config = config(directory + "/" + pattern, After.KEEP, Optional.empty(), false);
    this.intake = FakeIntake.usual();
    this.polling = made();
  }

  static DirectorySourceConfig config(
      String path, After after, Optional<Path> moveTo, boolean followLinks) {
    return new DirectorySourceConfig(
        path,
        after,
        moveTo,
        SETTLE,
        followLinks,
        EventKey.NONE,
        "text/plain",
        Bindings.presets(PollSettings.class));
  }

  private Polling made() {
    return new Polling(loop, () -> new DirectoryPollFactory().create(config, context));
  }

  /** The source is made anew, with the settings that hold now, the cursor where it is. */
  void restart() {
    polling.close();
    polling = made();
  }

  /** Everything is read anew. */
  void forget() {
    intake = FakeIntake.usual();
    restart();
  }

  /** Like {@link #restart}, where the cursor was before. */
  void crash(Cursor before, int batchBytes, int maxEventBytes) {
    intake = new FakeIntake(before, batchBytes, maxEventBytes);
    restart();
  }

  /** Polls until there is no more. */
  List<String> poll() {
    int before = intake.events().size();
    while (polling.poll(intake).more()) {
      // Again.
    }
    List<String> all = intake.events();
    return all.subList(before, all.size());
  }

  Polling polling() {
    return polling;
  }

  /** So much time passes that what was not written to is settled. */
  void settle() {
    clock.now = clock.now.plus(SETTLE).plusSeconds(60);
  }

  Path write(String name, String text) {
    return write(name, text.getBytes(StandardCharsets.UTF_8));
  }

  Path write(String name, byte[] bytes) {
    try {
      Path file = directory.resolve(name);
      Files.createDirectories(file.getParent());
      Files.write(file, bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
      return file;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** How often something was not taken. */
  double refused(String reason) {
    var counter = context.meters().find("sluice.refused").tag("reason", reason).counter();
    return counter == null ? 0 : counter.count();
  }

  /** Waits until something is so. */
  static void soon(Callable<Boolean> what) {
    Awaitility.await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).until(what);
  }

  @Override
  public void close() {
    polling.close();
  }

  private static final class HandClock extends Clock {
    private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }
}
