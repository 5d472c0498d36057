package io.sluice.auth;

import io.sluice.config.Check;
import io.sluice.config.Key;
import io.sluice.config.Secret;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** How clients of a listener prove who they are; the same words for every protocol. */
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

  /** A client certificate, checked in the TLS handshake. */
  record Mtls(
      @Key(
              doc =
                  "Principals by what their certificates look like: `cn:`, `subject:`, `dns:`,"
                      + " `email:` or `uri:` and a name in which one `*` stands for anything; a"
                      + " `*` in the principal is what it stood for. The first that fits counts.")
          Map<String, String> principals)
      implements Auth {
    public Mtls {
      Check.that(!principals.isEmpty(), "principals", "must name at least one pattern");
      for (Map.Entry<String, String> each : principals.entrySet()) {
        try {
          CertificatePattern.parse(each.getKey());
        } catch (IllegalArgumentException bad) {
          Check.that(false, "principals", "has \"" + each.getKey() + "\": " + bad.getMessage());
        }
        Check.that(!each.getValue().isEmpty(), "principals", "must not have an empty principal");
      }
      principals = Collections.unmodifiableMap(new LinkedHashMap<>(principals));
    }

    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.mtls(this);
    }
  }

  /** What to do in each case. */
  interface Cases<R> {
    R none();

    R apiKey(ApiKey auth);

    R basic(Basic auth);

    R mtls(Mtls auth);
  }

  <R> R fold(Cases<R> cases);

  /**
   * Demands that what is to be proved can be, over a protocol.
   *
   * @param auth the value of the key {@code auth}
   * @param carrier what the protocol has to prove something with
   * @param certificates whether TLS asks clients for a certificate
   * @throws io.sluice.config.BadValueException when it cannot
   */
  static void check(Optional<Auth> auth, Carrier carrier, boolean certificates) {
    auth.ifPresent(given -> given.fold(new Fitting(carrier, certificates)));
  }
}
