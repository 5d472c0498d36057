package io.sluice.event;

/**
 * Which of a client's numbered events a batch brings, so that what the client sends again after it
 * lost its connection is told from what is new.
 *
 * <p>A client counts its events from 1 for as long as its session lasts, and sends the same event
 * under the same number whenever it sends it again. The events of a batch are the last ones of its
 * range, in order. Numbers before them were given up by the source (it refused those events, say)
 * and never come.
 *
 * @param session what the session is called in its stream; whoever names it sees to it that no two
 *     clients share a name, and that nobody can guess another's. What stands before a dot says
 *     whose it is
 * @param first the first number, from 1 on
 * @param last the last event's number
 */
public record Sequence(String session, long first, long last) {
  /** The longest name of a session. Characters. */
  public static final int LONGEST = 256;

  public Sequence {
    if (session.isEmpty() || session.length() > LONGEST) {
      throw new IllegalArgumentException("a session's name has 1 to " + LONGEST + " characters");
    }
    if (first < 1 || last < first) {
      throw new IllegalArgumentException("numbers from " + first + " to " + last);
    }
  }

  /** The numbers of so many events that follow each other, {@code first} the first one's. */
  public static Sequence of(String session, long first, int events) {
    return new Sequence(session, first, first + events - 1);
  }

  /** Whose session it is, by its name; empty where that is not said. */
  public static String owner(String session) {
    return session.substring(0, Math.max(0, session.indexOf('.')));
  }

  /** How many numbers. */
  public long span() {
    return last - first + 1;
  }

  /** Whether {@code next} goes on right behind this. */
  public boolean leadsTo(Sequence next) {
    return next.first == last + 1 && next.session.equals(session);
  }
}
