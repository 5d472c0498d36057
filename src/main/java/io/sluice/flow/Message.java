package io.sluice.flow;

import io.sluice.event.Position;
import org.jspecify.annotations.Nullable;

/**
 * What lanes and intakes say to each other; the package tells the protocol. All counts are
 * cumulative bytes of a session.
 */
sealed interface Message {
  /**
   * A lane tells how it stands.
   *
   * @param lane the lane's own name, which is also the address it listens on
   * @param session the session it believes in, 0 for none
   * @param version the newest grant it has seen
   * @param limit how far it may go: that grant's limit, or less when it gave some back
   * @param spent where its next offer will begin
   * @param wanted how far it needs to go for what is waiting first in its line; 0 when nothing
   *     waits
   */
  record Hello(String lane, long session, long version, long limit, long spent, long wanted)
      implements Message {}

  /**
   * How far a lane may go.
   *
   * @param session which registration of the lane this is for; another one than before starts all
   *     counts at 0
   * @param version grows with every grant of a session; an older one is ignored
   * @param limit the lane's offers must end at or before this
   * @param most what the whole budget is: nothing heavier can ever be taken
   */
  record Grant(long session, long version, long limit, long most) implements Message {}

  /**
   * Others are short: give back what lies beyond {@code limit}, as far as it is neither spent nor
   * held.
   *
   * @param reserve how much more may stay free, for small content
   */
  record Recall(long session, long limit, long reserve) implements Message {}

  /** Content that begins at {@code from} and ends {@code weight} later. */
  record Offer(String lane, long session, long from, long weight, Object content)
      implements Message {}

  /** What became of an offer. */
  record Settled(Object answer, @Nullable Grant grant) implements Message {}

  /** The lane ends; all it was granted and did not offer goes home. */
  record Bye(String lane, long session) implements Message {}

  /**
   * The intake ends: what the lane offered from {@code received} on was not taken, and what it
   * offered before is still answered.
   */
  record Farewell(long session, long received) implements Message {}

  /** A feed asks a sink where it stands in a stream. */
  record Asked(String stream) implements Message {}

  /** A sink's answer: the position it keeps itself, or null when the stream keeps it. */
  record Stands(@Nullable Position held) implements Message {}

  /** An inlet asks how far a stream is in a client's session. */
  record Through(String session) implements Message {}

  /** The stream's answer: the last number up to which it has all events. */
  record Reached(long number) implements Message {}
}
