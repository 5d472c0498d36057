package io.sluice.stream;

import java.util.UUID;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a log over in the name of one opening of it, and tries until that works. Confined to the
 * stream's event loop.
 */
final class Taking {
  private static final Logger LOG = LoggerFactory.getLogger(Taking.class);

  private final Arbiter arbiter;
  private final Log log;
  private final boolean lasting;
  private final Again again;
  private final UUID owner = UUID.randomUUID();
  private boolean ended;

  /**
   * For one opening of a log.
   *
   * @param lasting whether the log outlives the process
   */
  Taking(Arbiter arbiter, Log log, boolean lasting, Again again) {
    this.arbiter = arbiter;
    this.log = log;
    this.lasting = lasting;
    this.again = again;
  }

  /**
   * Takes it over.
   *
   * @param from verdicts from this ordinal on are wanted
   * @param known behind the last event that counts as decided where nobody knows the log
   * @param taken told how it stands, once
   * @param failed told each time it did not work
   */
  void take(long from, long known, Consumer<Standing> taken, Runnable failed) {
    if (ended) {
      return;
    }
    arbiter
        .take(log.identity(), owner, log.next().epoch(), from, known, log.next().ordinal(), lasting)
        .onComplete(
            answer -> {
              if (ended) {
                return;
              }
              if (answer.succeeded()) {
                again.well();
                taken.accept(answer.result());
                return;
              }
              if (!again.failing()) {
                LOG.atWarn()
                    .addKeyValue("journal", log.identity())
                    .addKeyValue("why", answer.cause())
                    .log("replicas cannot be asked about a journal, trying again");
              }
              again.later(() -> take(from, known, taken, failed));
              failed.run();
            });
  }

  void end() {
    ended = true;
  }
}
