package io.sluice.auth;

import io.vertx.core.MultiMap;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Bearer tokens as RFC 6750 has them: where they stand, and what is said of bad ones. */
final class Bearer {
  private static final String SCHEME = "Bearer ";
  private static final String CHALLENGE = "Bearer realm=\"sluice\"";

  /** Nothing was shown. A challenge without an error, as RFC 6750 section 3.1 wants it then. */
  static final Verdict MISSING =
      Verdict.Denied.of(
          Denial.UNKNOWN, "unauthorized", "The request does not prove who sends it.", CHALLENGE);

  static final Verdict WRONG =
      invalid(Denial.WRONG, "wrong-credentials", "The credentials are not valid.");

  /** No guess, since nothing could make it right; so it does not count as one. */
  static final Verdict FOREIGN =
      invalid(Denial.UNKNOWN, "wrong-credentials", "The key of the token is not known.");

  static final Verdict EXPIRED =
      invalid(Denial.EXPIRED, "expired-credentials", "The token has expired.");

  static final Verdict EARLY =
      invalid(Denial.EXPIRED, "expired-credentials", "The token is not valid yet.");

  static final Verdict UNSURE =
      new Verdict.Denied(
          Denial.UNSURE,
          "keys-unavailable",
          "The keys to check credentials with are being fetched.",
          "",
          Duration.ofSeconds(1));

  private Bearer() {}

  /** The token was good, and does not say enough. */
  static Verdict narrow(String scope) {
    return Verdict.Denied.of(
        Denial.FORBIDDEN,
        "forbidden",
        "The token does not have the scope that is needed here.",
        CHALLENGE + ", error=\"insufficient_scope\", scope=\"" + scope + "\"");
  }

  private static Verdict invalid(Denial why, String code, String detail) {
    return Verdict.Denied.of(
        why,
        code,
        detail,
        CHALLENGE + ", error=\"invalid_token\", error_description=\"" + detail + "\"");
  }

  /** The token in the head. */
  static @Nullable String token(MultiMap headers) {
    String authorization = headers.get("authorization");
    return authorization != null && authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        ? authorization.substring(SCHEME.length()).strip()
        : null;
  }
}
