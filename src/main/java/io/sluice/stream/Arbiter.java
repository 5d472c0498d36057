package io.sluice.stream;

import io.vertx.core.Future;
import java.util.UUID;

/**
 * Decides for the replicas of a stream which of them has an event. A replica asks for events only
 * once they are in its log: so whatever is decided for it is there, and nobody ever waits for one
 * that died.
 *
 * <p>Every future may fail, and what was asked for be done all the same. Confined to the stream's
 * event loop.
 */
interface Arbiter {
  /**
   * Takes over a log: whoever had it before is not answered any more. Who has it already has it as
   * before.
   *
   * @param log which one
   * @param owner who takes it; of each opening another one
   * @param epoch the log's; one that is earlier than the last owner's is refused
   * @param from verdicts from this ordinal on are told
   * @param known behind the last event that counts as decided where nobody knows the log
   * @param next behind the log's last event: what was decided beyond is of events that were lost
   * @param lasting whether the log outlives this process
   */
  Future<Standing> take(
      UUID log, UUID owner, int epoch, long from, long known, long next, boolean lasting);

  /** Asks for events. The same claim is answered the same, however often it is made. */
  Future<Verdict> decide(UUID log, long term, Claim claim);

  /** Up to which number replicas have a client's session without a gap. */
  Future<Long> through(String session);

  /**
   * Forgets what is over, a part of it.
   *
   * @return whether there is more
   */
  Future<Boolean> tidy();
}
