package io.sluice.auth;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.ByteBuffer;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Knows principals by signed tokens (RFC 7519), checked as RFC 8725 says: the algorithms are those
 * of the configuration, whatever the token claims of itself, and keys come from nowhere but the
 * ring. Remembers by their digest some tokens that were good, since a signature takes long to
 * verify; they are checked again when they or the keys have changed.
 */
final class JwtGuard implements Guard {
  private static final int REMEMBERED = 1000;
  private static final int MAX_KEYS_TRIED = 8;
  private static final int MAX_PRINCIPAL = 255;

  private final Auth.Jwt config;
  private final Set<String> algorithms;
  private final KeyRing ring;
  private final Clock clock;
  private final Digest digest = new Digest();
  private final TokenSignatures signatures = new TokenSignatures();
  private final Map<ByteBuffer, Known> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Known> eldest) {
          return size() > REMEMBERED;
        }
      };

  private record Known(Verdict verdict, int generation, Instant until) {}

  JwtGuard(Auth.Jwt config, KeyRing ring, Clock clock) {
    this.config = config;
    this.algorithms = Set.copyOf(config.algorithms());
    this.ring = ring;
    this.clock = clock;
  }

  @Override
  public Verdict admit(Caller caller) {
    String token = Bearer.token(caller.headers());
    if (token == null) {
      return Bearer.MISSING;
    }
    Optional<KeyRing.Keys> keys = ring.keys();
    if (keys.isEmpty()) {
      ring.missed();
      return Bearer.UNSURE;
    }
    ByteBuffer print = ByteBuffer.wrap(digest.of(token));
    Known before = known.get(print);
    if (before != null
        && before.generation == keys.get().generation()
        && clock.instant().isBefore(before.until)) {
      return before.verdict;
    }
    try {
      return judge(SignedJWT.parse(token), keys.get(), print);
    } catch (ParseException noToken) {
      return Bearer.WRONG;
    }
  }

  private Verdict judge(SignedJWT token, KeyRing.Keys keys, ByteBuffer print)
      throws ParseException {
    JWSHeader header = token.getHeader();
    boolean critical = header.getCriticalParams() != null && !header.getCriticalParams().isEmpty();
    if (!algorithms.contains(header.getAlgorithm().getName()) || critical) {
      return Bearer.WRONG;
    }
    List<JWK> candidates = new JWKSelector(JWKMatcher.forJWSHeader(header)).select(keys.set());
    if (candidates.isEmpty()) {
      return ring.missed() ? Bearer.UNSURE : Bearer.FOREIGN;
    }
    if (candidates.stream().limit(MAX_KEYS_TRIED).noneMatch(key -> signatures.verify(token, key))) {
      return Bearer.WRONG;
    }
    JWTClaimsSet claims = token.getJWTClaimsSet();
    if (claims == null) {
      return Bearer.WRONG;
    }
    Verdict verdict = judge(claims);
    if (verdict instanceof Verdict.Admitted) {
      Instant until = claims.getExpirationTime().toInstant().plus(config.leeway());
      known.put(print, new Known(verdict, keys.generation(), until));
    }
    return verdict;
  }

  private Verdict judge(JWTClaimsSet claims) throws ParseException {
    Date expires = claims.getExpirationTime();
    if (expires == null
        || !config.issuer().equals(claims.getIssuer())
        || Collections.disjoint(claims.getAudience(), config.audience())) {
      return Bearer.WRONG;
    }
    Instant now = clock.instant();
    Duration leeway = config.leeway();
    if (!now.isBefore(expires.toInstant().plus(leeway))) {
      return Bearer.EXPIRED;
    }
    Date begins = claims.getNotBeforeTime();
    if (begins != null && now.isBefore(begins.toInstant().minus(leeway))) {
      return Bearer.EARLY;
    }
    String principal = claims.getStringClaim(config.principal());
    if (principal == null || principal.isBlank() || principal.length() > MAX_PRINCIPAL) {
      return Bearer.WRONG;
    }
    if (config.scope().isPresent() && !scopes(claims).contains(config.scope().get())) {
      return Bearer.narrow(config.scope().get());
    }
    return new Verdict.Admitted(principal);
  }

  /** What the token may: RFC 8693's words apart by spaces, or the list some issuers make of it. */
  private static List<String> scopes(JWTClaimsSet claims) {
    List<String> scopes = new ArrayList<>();
    for (String claim : List.of("scope", "scp")) {
      add(claims.getClaim(claim), scopes);
    }
    return scopes;
  }

  private static void add(@Nullable Object claim, List<String> scopes) {
    if (claim instanceof String words) {
      scopes.addAll(Arrays.asList(words.split(" ")));
    } else if (claim instanceof List<?> list) {
      list.forEach(each -> scopes.add(String.valueOf(each)));
    }
  }
}
