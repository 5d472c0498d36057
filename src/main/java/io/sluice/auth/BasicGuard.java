package io.sluice.auth;

import io.sluice.config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/** Knows principals by name and password (RFC 7617). An unknown name takes as long as a known. */
final class BasicGuard implements Guard {
  private static final String BASIC = "Basic ";
  private static final String CHALLENGE = "Basic realm=\"sluice\", charset=\"UTF-8\"";
  private static final Verdict MISSING =
      Verdict.Denied.of(
          Denial.UNKNOWN, "unauthorized", "The request does not prove who sends it.", CHALLENGE);
  private static final Verdict WRONG =
      Verdict.Denied.of(
          Denial.WRONG, "wrong-credentials", "The credentials are not valid.", CHALLENGE);

  private final Digest digest = new Digest();
  private final Map<String, byte[]> users = new HashMap<>();
  private final byte[] nobody = new byte[32];

  BasicGuard(Map<String, Secret> users) {
    users.forEach((name, password) -> this.users.put(name, digest.of(password.reveal())));
  }

  @Override
  public Verdict admit(Caller caller) {
    String authorization = caller.headers().get("authorization");
    if (authorization == null || !authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
      return MISSING;
    }
    String pair;
    try {
      pair =
          new String(
              Base64.getDecoder().decode(authorization.substring(BASIC.length()).strip()),
              StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notBase64) {
      return WRONG;
    }
    int colon = pair.indexOf(':');
    if (colon < 0) {
      return WRONG;
    }
    String name = pair.substring(0, colon);
    byte[] shown = digest.of(pair.substring(colon + 1));
    byte[] known = users.getOrDefault(name, nobody);
    return MessageDigest.isEqual(known, shown) ? new Verdict.Admitted(name) : WRONG;
  }
}
