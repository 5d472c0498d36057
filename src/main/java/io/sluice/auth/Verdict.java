package io.sluice.auth;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Whether somebody may come in. Immutable, except for the proof that is still to be completed. */
public sealed interface Verdict {
  /** Yes, and this is who it is. */
  record Admitted(String principal) implements Verdict {
    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.admitted(this);
    }
  }

  /** Nothing is wrong so far; the body has to prove the rest. */
  record Pending(BodyProof proof) implements Verdict {
    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.pending(this);
    }
  }

  /**
   * No.
   *
   * @param code one of a fixed set of words; what programs and metrics tell reasons apart by
   * @param detail one sentence for the client, without anything it sent
   * @param challenge the {@code WWW-Authenticate} of the answer; empty for none
   * @param retryAfter when it is worth another try; zero where only other credentials help
   */
  record Denied(Denial why, String code, String detail, String challenge, Duration retryAfter)
      implements Verdict {
    static Denied of(Denial why, String code, String detail, String challenge) {
      return new Denied(why, code, detail, challenge, Duration.ZERO);
    }

    /** The HTTP status to answer with. */
    public int status() {
      return why.status();
    }

    /** The headers that belong to the answer. */
    public List<Map.Entry<CharSequence, CharSequence>> headers() {
      List<Map.Entry<CharSequence, CharSequence>> headers = new ArrayList<>(2);
      if (!challenge.isEmpty()) {
        headers.add(Map.entry("www-authenticate", challenge));
      }
      if (!retryAfter.isZero()) {
        headers.add(Map.entry("retry-after", Long.toString(Math.max(1, retryAfter.toSeconds()))));
      }
      return headers;
    }

    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.denied(this);
    }
  }

  /** What to do in each case. */
  interface Cases<R> {
    R admitted(Admitted who);

    R pending(Pending open);

    R denied(Denied no);
  }

  <R> R fold(Cases<R> cases);
}
