package io.sluice.source.poll.http;

import io.sluice.config.Check;
import io.sluice.config.Inline;
import io.sluice.config.Key;
import io.sluice.config.Text;
import io.sluice.config.Untagged;
import java.util.Optional;

/** How an answer that is one page of several leads to the next. */
@Untagged
public sealed interface Pages {
  /** How many pages one poll asks for at the most; the next one goes on behind them. */
  int limit();

  /** By the header {@code Link} with {@code rel="next"}, RFC 8288. */
  @Text(what = "`link`", pattern = "^link$")
  record Link() implements Pages {
    /**
     * Reads the word.
     *
     * @throws IllegalArgumentException when it is another
     */
    public static Link parse(String text) {
      if (!text.equals("link")) {
        throw new IllegalArgumentException(
            "must be `link`, or an object with next, number or offset");
      }
      return new Link();
    }

    @Override
    public int limit() {
      return 1000;
    }

    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.link();
    }
  }

  /** By a value in the answer. */
  record Next(
      @Key(
              doc =
                  "Where an answer says how to ask for the next page: a URL, or the value of a"
                      + " parameter. None, null or empty at the last one.")
          Pointing next,
      @Key(doc = "The parameter of the URL that gets that value. Without it, it is a URL.")
          Optional<String> parameter,
      @Key(
              doc = "Most pages in one poll; the next poll, at once, goes on behind them.",
              preset = "1000")
          int limit)
      implements Pages {
    public Next {
      parameter.ifPresent(name -> Check.that(!name.isEmpty(), "parameter", "must not be empty"));
      Check.that(limit > 0, "limit", "must be positive");
    }

    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.next(this);
    }
  }

  /** How large pages are that are counted, and how many there may be. */
  record Extent(
      @Key(
              doc =
                  "How many records a full page has: one with fewer is the last. Without it, the"
                      + " last one is empty.")
          Optional<Integer> full,
      @Key(
              doc = "Most pages in one poll; the next poll, at once, goes on behind them.",
              preset = "1000")
          int limit) {
    public Extent {
      full.ifPresent(most -> Check.that(most > 0, "full", "must be positive"));
      Check.that(limit > 0, "limit", "must be positive");
    }
  }

  /** By the page's number. */
  record Numbered(
      @Key(doc = "The parameter of the URL that gets the page's number.") String number,
      @Key(doc = "The number of the first page.", preset = "1") int start,
      @Inline Extent extent)
      implements Pages {
    public Numbered {
      Check.that(!number.isEmpty(), "number", "must not be empty");
      Check.that(start >= 0, "start", "must not be negative");
    }

    @Override
    public int limit() {
      return extent.limit();
    }

    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.number(this);
    }
  }

  /** By how many records lie before the page. */
  record Offset(
      @Key(doc = "The parameter of the URL that gets the number of records before the page.")
          String offset,
      @Key(doc = "The offset of the first page.", preset = "0") int start,
      @Inline Extent extent)
      implements Pages {
    public Offset {
      Check.that(!offset.isEmpty(), "offset", "must not be empty");
      Check.that(start >= 0, "start", "must not be negative");
    }

    @Override
    public int limit() {
      return extent.limit();
    }

    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.offset(this);
    }
  }

  /** What to do in each case. */
  interface Cases<R> {
    R link();

    R next(Next pages);

    R number(Numbered pages);

    R offset(Offset pages);
  }

  <R> R fold(Cases<R> cases);
}
