package io.sluice.source.poll.http;

import io.sluice.config.Check;
import io.sluice.config.Key;
import io.sluice.config.Secret;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How a poll proves who asks. */
public sealed interface Credentials {
  /** A name and a password, by RFC 7617. */
  record Basic(
      @Key(doc = "The user's name.") String user, @Key(doc = "The password.") Secret password)
      implements Credentials {
    public Basic {
      Check.that(user.indexOf(':') < 0, "user", "must have no colon");
    }

    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.basic(this);
    }
  }

  /** A token that is always the same, by RFC 6750. */
  record Bearer(@Key(doc = "The token.") Secret token) implements Credentials {
    public Bearer {
      Check.that(HeaderText.value(token.reveal()), "token", "must be visible ASCII");
    }

    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.bearer(this);
    }
  }

  /** Tokens of an authorization server, by the client credentials of RFC 6749 section 4.4. */
  record Oauth2(
      @Key(doc = "Where tokens are given out.") String tokenUrl,
      @Key(doc = "Who asks for them.") String clientId,
      @Key(doc = "The client's secret.") Secret clientSecret,
      @Key(doc = "What the token should allow.") List<String> scope,
      @Key(doc = "Further parameters of the request for a token, like `audience`.")
          Map<String, String> parameters,
      @Key(
              doc = "Whether the client's name and secret go in a header or in the body.",
              preset = "header")
          Carrier sendIn)
      implements Credentials {
    /** Where a client's name and secret go. */
    public enum Carrier {
      HEADER,
      BODY
    }

    public Oauth2 {
      Optional<String> wrong = Urls.wrong(tokenUrl);
      Check.that(wrong.isEmpty(), "tokenUrl", wrong.orElse(""));
      Check.that(!clientId.isEmpty(), "clientId", "must not be empty");
      scope = List.copyOf(scope);
      parameters = Map.copyOf(parameters);
    }

    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.oauth2(this);
    }
  }

  /** What to do in each case. */
  interface Cases<R> {
    R basic(Basic auth);

    R bearer(Bearer auth);

    R oauth2(Oauth2 auth);
  }

  <R> R fold(Cases<R> cases);
}
