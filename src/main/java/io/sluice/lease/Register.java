package io.sluice.lease;

import io.sluice.connector.Cursor;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What replicas read and write together: who of them is there, and of each source the holder of its
 * lease, a term and a cursor. Every write either happens as a whole or not at all, and depends on
 * what it expects to be there; so a write that comes late does no harm. Usable on any event loop,
 * where the futures complete; all fail when the register cannot be reached, and what was asked for
 * may have happened then.
 */
interface Register {
  /**
   * A replica that is there.
   *
   * @param identity of it, and of nobody before
   * @param beat differs from one sign of life to the next
   * @param asks sources it waits for, because they should be its own
   */
  record Member(String identity, String beat, List<String> asks) {
    public Member {
      asks = List.copyOf(asks);
    }
  }

  /**
   * Who has a source.
   *
   * @param holder an identity; empty when it was given up
   */
  record Head(String holder, long term) {
    /** Of a source nobody ever had. */
    static final Head NONE = new Head("", 0);
  }

  /**
   * What is there at a moment.
   *
   * @param heads by source
   */
  record Snapshot(List<Member> members, Map<String, Head> heads) {
    public Snapshot {
      members = List.copyOf(members);
      heads = Map.copyOf(heads);
    }
  }

  /** A lease that was taken. */
  record Taken(long term, Cursor cursor) {}

  /** Gives a sign of life, and then looks. */
  Future<Snapshot> beat(Member me);

  /** Strikes out a member, unless it has given a sign of life since. */
  Future<Void> strike(Member member);

  /**
   * Makes {@code holder} the next one, under the next term, if things are as expected.
   *
   * @return empty when they are not. Fails with a {@link io.sluice.connector.CursorLostException}
   *     when the cursor cannot be read
   */
  Future<Optional<Taken>> take(String source, Head expected, String holder);

  /**
   * Moves the cursor.
   *
   * @param head the holder's
   * @param number grows with each commit of the holder, the repeated ones excepted
   * @return fails with a {@link io.sluice.connector.LeaseLostException} when the lease is somebody
   *     else's, or of another term
   */
  Future<Void> commit(String source, Head head, long number, Cursor cursor);

  /** Gives a lease up, if it is still that one. */
  Future<Void> release(String source, Head head);

  /** Puts a cursor that cannot be read aside, and begins anew. */
  Future<Void> reset(String source);
}
