package io.sluice.control;

import static io.sluice.stream.StreamSettings.Buffer.DISK;

import io.sluice.control.ParkedPart.Kind;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a running gateway keeps for streams, sinks and sources that left its configuration: it stays
 * until somebody says that it may go. Methods may be called on any thread.
 */
final class Parking {
  private static final Logger LOG = LoggerFactory.getLogger(Parking.class);

  private final Vertx vertx;
  private final Path root;
  private final RunningParts parts;

  Parking(Vertx vertx, Path root, RunningParts parts) {
    this.vertx = vertx;
    this.root = root;
    this.parts = parts;
  }

  /** Everything that is parked, but what somebody is still letting go of. */
  Future<List<ParkedPart>> list(Settings settings) {
    return vertx
        .executeBlocking(() -> new ParkedFiles(root, settings).files())
        .map(
            files -> {
              List<ParkedPart> all = new ArrayList<>(files);
              all.removeIf(this::inUse);
              parts
                  .streams()
                  .values()
                  .forEach(
                      stream ->
                          stream
                              .state()
                              .parked()
                              .forEach(
                                  state -> all.add(ParkedFiles.position(stream.name(), state))));
              return all;
            });
  }

  private boolean inUse(ParkedPart part) {
    Set<String> open =
        switch (part.kind()) {
          case STREAM ->
              parts.allStreams().stream()
                  .filter(stream -> stream.settings().buffer() == DISK)
                  .map(stream -> stream.name())
                  .collect(Collectors.toSet());
          case SINK -> parts.sinks().keySet();
          case SOURCE ->
              parts.retiring().values().stream().map(SourceSpec::name).collect(Collectors.toSet());
        };
    return open.contains(part.name());
  }

  /** Says what is parked and what it costs. */
  void tell(Settings settings) {
    list(settings)
        .onSuccess(
            all ->
                all.stream()
                    .filter(part -> part.stream().isEmpty())
                    .forEach(
                        part ->
                            LOG.atInfo()
                                .addKeyValue(part.kind().word(), part.name())
                                .addKeyValue("events", part.events())
                                .addKeyValue("bytes", part.bytes())
                                .log("kept, though it is not in the configuration any more")))
        .onFailure(
            failure ->
                LOG.atWarn().setCause(failure).log("cannot tell what the data directory keeps"));
  }

  /**
   * Deletes what is parked under a name. Nothing else may change meanwhile.
   *
   * @return what was deleted; empty when nothing of that name is parked
   */
  Future<List<ParkedPart>> retire(
      Settings settings, Kind kind, String name, Optional<String> stream) {
    return list(settings)
        .map(all -> all.stream().filter(part -> part.meant(kind, name, stream)).toList())
        .compose(
            meant -> {
              Future<Void> done = Future.succeededFuture();
              for (ParkedPart part : meant) {
                done = done.compose(before -> retire(settings, part));
              }
              return done.map(meant);
            });
  }

  private Future<Void> retire(Settings settings, ParkedPart part) {
    return part.stream()
        .flatMap(name -> Optional.ofNullable(parts.streams().get(name)))
        .map(running -> running.retire(part.name()).<Void>mapEmpty())
        .orElseGet(
            () ->
                vertx.executeBlocking(
                    () -> {
                      new ParkedFiles(root, settings).delete(part);
                      return null;
                    }))
        .onSuccess(
            gone ->
                LOG.atInfo()
                    .addKeyValue(part.kind().word(), part.name())
                    .addKeyValue("of", part.stream().orElse(""))
                    .addKeyValue("events", part.events())
                    .addKeyValue("bytes", part.bytes())
                    .log("retired, what was kept of it is deleted"));
  }
}
