package io.sluice.net;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a listener's certificates up with their files. Replaced ones are taken up once the files
 * have stood still from one look to the next; while they cannot be used, the old ones stay.
 *
 * <p>Confined to the event loop that calls {@link #load}; the files are read on a worker.
 */
final class Certificates {
  private static final Logger LOG = LoggerFactory.getLogger(Certificates.class);
  static final Duration LOOK_EVERY = Duration.ofSeconds(2);

  private final Vertx vertx;
  private final String listen;
  private final TlsFiles files;
  private final Clock clock;
  private List<String> used = List.of();
  private List<String> seen = List.of();
  private List<String> unusable = List.of();
  private long timer = -1;

  Certificates(Vertx vertx, String listen, TlsConfig config, Clock clock) {
    this.vertx = vertx;
    this.listen = listen;
    this.files = new TlsFiles(config);
    this.clock = clock;
  }

  private record Look(List<String> state, TlsMaterial material) {}

  /** Reads the files; fails with a {@link BadTlsException} when they cannot be used. */
  Future<TlsMaterial> load() {
    return vertx
        .executeBlocking(() -> new Look(files.state(), files.read(clock.instant())))
        .map(
            look -> {
              used = look.state();
              seen = used;
              return look.material();
            });
  }

  /** Watches the files from now on, and hands on what comes of each change. */
  void watch(Function<TlsMaterial, Future<?>> renew) {
    timer = vertx.setTimer(LOOK_EVERY.toMillis(), look -> look(renew));
  }

  private void look(Function<TlsMaterial, Future<?>> renew) {
    vertx
        .executeBlocking(files::state)
        .compose(
            state -> {
              boolean settled = state.equals(seen) && !state.equals(used);
              seen = state;
              return settled ? take(state, renew) : Future.succeededFuture();
            })
        .onComplete(
            looked -> {
              if (timer != -1) {
                watch(renew);
              }
            });
  }

  /** What cannot be used is tried again at every look: it may not be valid yet. */
  private Future<?> take(List<String> state, Function<TlsMaterial, Future<?>> renew) {
    return vertx
        .executeBlocking(() -> files.read(clock.instant()))
        .<Object>compose(material -> renew.apply(material).map(material))
        .onSuccess(
            renewed -> {
              used = state;
              LOG.atInfo().addKeyValue("listen", listen).log("certificates replaced");
            })
        .onFailure(bad -> complain(state, bad));
  }

  private void complain(List<String> state, Throwable bad) {
    if (!state.equals(unusable)) {
      unusable = state;
      LOG.atWarn()
          .addKeyValue("listen", listen)
          .addKeyValue("reason", String.valueOf(bad.getMessage()))
          .log("new certificates cannot be used, the old ones stay");
    }
  }

  void close() {
    if (timer != -1) {
      vertx.cancelTimer(timer);
      timer = -1;
    }
  }
}
