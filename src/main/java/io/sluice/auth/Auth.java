package io.sluice.auth;

import io.sluice.config.Check;
import io.sluice.config.HostPort;
import io.sluice.config.Key;
import io.sluice.config.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** How clients of a listener prove who they are; the same words for every protocol. */
public sealed interface Auth {
  /** An empty secret, of a variable that is set to nothing perhaps, would let everybody in. */
  private static void whole(Map<String, Secret> secrets, String key) {
    secrets.forEach(
        (name, secret) -> {
          Check.that(!name.isEmpty(), key, "must not have an empty name");
          Check.that(!secret.reveal().isEmpty(), key, "has an empty secret for \"" + name + "\"");
        });
  }

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
      whole(keys, "keys");
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
      whole(users, "users");
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

  /** A signed token as {@code Authorization: Bearer}, by RFC 7519 and RFC 8725. */
  record Jwt(
      @Key(
              doc =
                  "Where the issuer's keys are, a JSON Web Key Set: a file, or a URL with https"
                      + " (http only for this machine). Read again every so often.")
          String jwks,
      @Key(doc = "The `iss` of tokens.") String issuer,
      @Key(doc = "What tokens have to be for: one of these has to be in their `aud`.")
          List<String> audience,
      @Key(
              doc =
                  "Algorithms that are taken, of RS256, RS384, RS512, PS256, PS384, PS512, ES256,"
                      + " ES384, ES512 and EdDSA; all of them when nothing is said.")
          List<String> algorithms,
      @Key(doc = "The claim that names the principal.", preset = "sub") String principal,
      @Key(doc = "A scope that tokens need; others are answered 403.") Optional<String> scope,
      @Key(doc = "How far clocks may be apart.", preset = "30s") Duration leeway,
      @Key(doc = "How often a URL is read again.", preset = "5m") Duration refresh)
      implements Auth {
    static final List<String> ALGORITHMS =
        List.of(
            "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512",
            "EdDSA");

    public Jwt {
      Check.that(!jwks.isEmpty(), "jwks", "must be a file or a URL");
      Check.that(
          !jwks.startsWith("http:") || local(jwks),
          "jwks",
          "must have https: with http anybody on the way could put other keys there");
      Check.that(!audience.isEmpty(), "audience", "must name at least one");
      Check.that(
          ALGORITHMS.containsAll(algorithms),
          "algorithms",
          "must be of "
              + String.join(", ", ALGORITHMS)
              + "; unsigned tokens and shared keys are never taken");
      Check.that(!principal.isEmpty(), "principal", "must name a claim");
      Check.that(!leeway.isNegative(), "leeway", "must not be negative");
      Check.that(
          leeway.compareTo(Duration.ofMinutes(10)) <= 0, "leeway", "must not be more than 10m");
      Check.that(
          refresh.compareTo(Duration.ofSeconds(1)) >= 0, "refresh", "must not be less than 1s");
      algorithms = algorithms.isEmpty() ? ALGORITHMS : List.copyOf(algorithms);
    }

    private static boolean local(String url) {
      String host = URI.create(url).getHost();
      return host != null && new HostPort(host.replaceAll("[\\[\\]]", ""), 0).loopback();
    }

    /** Whether the keys are fetched over HTTP. */
    boolean byUrl() {
      return jwks.startsWith("https:") || jwks.startsWith("http:");
    }

    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.jwt(this);
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

  /** An HMAC over the raw body, as webhooks have it. */
  record Signature(
      @Key(doc = "Whose way to sign it is; `custom` is described by the key of that name.")
          SignaturePreset preset,
      @Key(
              doc =
                  "The secrets that are live: one, or while it is replaced two; whichever was"
                      + " signed with.")
          List<Secret> secrets,
      @Key(doc = "The principal of what is signed so; the preset's name when nothing is said.")
          Optional<String> principal,
      @Key(doc = "How far from now a signature may have been made.", preset = "5m") Duration window,
      @Key(doc = "How it is signed where no preset fits.") Optional<SignatureConfig> custom)
      implements Auth {
    private static final int MAX_LIVE = 2;

    public Signature {
      Check.that(!secrets.isEmpty(), "secrets", "must have at least one");
      Check.that(secrets.size() <= MAX_LIVE, "secrets", "must be two at most");
      for (Secret secret : secrets) {
        Check.that(!secret.reveal().isEmpty(), "secrets", "must not have an empty one");
        try {
          SignatureScheme.key(preset, secret);
        } catch (IllegalArgumentException bad) {
          Check.that(false, "secrets", String.valueOf(bad.getMessage()));
        }
      }
      Check.that(
          (preset == SignaturePreset.CUSTOM) == custom.isPresent(),
          "custom",
          "goes with the preset custom, and only with it");
      Check.that(!window.isNegative() && !window.isZero(), "window", "must be positive");
      Check.that(window.compareTo(Duration.ofHours(1)) <= 0, "window", "must not be more than 1h");
      secrets = List.copyOf(secrets);
    }

    /** Who signs. */
    String sender() {
      return principal.orElseGet(() -> preset.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.signature(this);
    }
  }

  /** What to do in each case. */
  interface Cases<R> {
    R none();

    R apiKey(ApiKey auth);

    R basic(Basic auth);

    R jwt(Jwt auth);

    R mtls(Mtls auth);

    R signature(Signature auth);
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
