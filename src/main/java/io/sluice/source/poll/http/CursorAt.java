package io.sluice.source.poll.http;

import io.sluice.config.Check;
import io.sluice.config.Key;
import io.sluice.config.Untagged;
import java.util.Optional;

/** Where an answer says how far it was read. */
@Untagged
public sealed interface CursorAt {
  /** What stands for the cursor before anything was read. */
  Optional<String> initial();

  /** The greatest value in the records. */
  record Max(
      @Key(
              doc =
                  "The cursor is the greatest value that stands here in the records. Numbers are"
                      + " compared as numbers, RFC 3339 times as times, all else as text.")
          Pointing max,
      @Key(doc = "The cursor before anything was read; empty when nothing is said.")
          Optional<String> initial,
      @Key(
              doc =
                  "Whether the API promises ascending records. The cursor then moves within an"
                      + " answer; a record that breaks the promise ends the poll.",
              preset = "false")
          boolean ordered,
      @Key(
              doc =
                  "How many records an answer has at the most: with so many there is probably"
                      + " more, and it is asked for at once.")
          Optional<Integer> full)
      implements CursorAt {
    public Max {
      full.ifPresent(most -> Check.that(most > 0, "full", "must be positive"));
    }

    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.max(this);
    }
  }

  /** A value beside the records. */
  record Next(
      @Key(doc = "The cursor is the value that stands here in an answer, beside its records.")
          Pointing next,
      @Key(doc = "The cursor before anything was read; empty when nothing is said.")
          Optional<String> initial)
      implements CursorAt {
    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.next(this);
    }
  }

  /** A header of the answer. */
  record Header(
      @Key(doc = "The cursor is the value of this header of an answer.") String header,
      @Key(doc = "The cursor before anything was read; empty when nothing is said.")
          Optional<String> initial)
      implements CursorAt {
    public Header {
      Check.that(HeaderText.name(header), "header", "must be the name of a header");
    }

    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.header(this);
    }
  }

  /** What to do in each case. */
  interface Cases<R> {
    R max(Max cursor);

    R next(Next cursor);

    R header(Header cursor);
  }

  <R> R fold(Cases<R> cases);
}
