package io.sluice.auth;

import io.sluice.config.Check;
import io.sluice.config.Key;
import io.sluice.config.Secret;
import java.util.Map;

/** How clients of a listener prove who they are. */
public sealed interface Auth {
  /** Nobody has to: everybody is {@code anonymous}. */
  record None() implements Auth {
    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.none();
    }
  }

  /** A key in the header {@code X-Api-Key}, or as {@code Authorization: Bearer}. */
  record ApiKey(
      @Key(doc = "Keys by the principal who holds them; each a secret.") Map<String, Secret> keys)
      implements Auth {
    public ApiKey {
      Check.that(!keys.isEmpty(), "keys", "must name at least one principal and its key");
      keys = Map.copyOf(keys);
    }

    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.apiKey(this);
    }
  }

  /** A name and a password, by RFC 7617. */
  record Basic(
      @Key(doc = "Passwords by the name of the user; each a secret.") Map<String, Secret> users)
      implements Auth {
    public Basic {
      Check.that(!users.isEmpty(), "users", "must name at least one user and its password");
      Check.that(
          users.keySet().stream().noneMatch(name -> name.indexOf(':') >= 0),
          "users",
          "must have no colon in a name");
      users = Map.copyOf(users);
    }

    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.basic(this);
    }
  }

  /** What to do in each case. */
  interface Cases<R> {
    R none();

    R apiKey(ApiKey auth);

    R basic(Basic auth);
  }

  <R> R fold(Cases<R> cases);
}
