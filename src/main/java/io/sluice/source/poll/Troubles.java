package io.sluice.source.poll;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is wrong with polling a source: said once for each distinct thing, and once when it is well
 * again. Confined to the event loop of the source.
 */
final class Troubles {
  private static final Logger LOG = LoggerFactory.getLogger(Troubles.class);

  private final String source;
  private final Set<String> said = new HashSet<>();
  private @Nullable String latest;

  Troubles(String source) {
    this.source = source;
  }

  /**
   * A poll failed.
   *
   * @param reason one word of a fixed set
   * @param detail one sentence without secrets
   */
  void failed(String reason, String detail) {
    latest = reason + ": " + detail;
    if (said.add(reason)) {
      LOG.atWarn()
          .addKeyValue("source", source)
          .addKeyValue("reason", reason)
          .addKeyValue("why", detail)
          .log("poll failed");
    }
  }

  /** A poll failed for a reason that is ours. */
  void bug(Throwable failure) {
    latest = "internal: " + failure;
    if (said.add("internal")) {
      LOG.atError().addKeyValue("source", source).setCause(failure).log("poll failed");
    }
  }

  void well() {
    if (latest != null) {
      LOG.atInfo().addKeyValue("source", source).log("polls succeed again");
    }
    latest = null;
    said.clear();
  }

  /** The latest, one sentence. */
  Optional<String> latest() {
    return Optional.ofNullable(latest);
  }
}
