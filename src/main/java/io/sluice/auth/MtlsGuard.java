package io.sluice.auth;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Knows principals by the certificates they hold. That a certificate is genuine, TLS has seen to
 * when the connection was made; that it has not expired since is looked at again.
 */
final class MtlsGuard implements Guard {
  private static final String CHALLENGE = "Certificate realm=\"sluice\"";
  private static final Verdict MISSING =
      Verdict.Denied.of(
          Denial.UNKNOWN, "unauthorized", "A client certificate is needed here.", CHALLENGE);
  private static final Verdict EXPIRED =
      Verdict.Denied.of(
          Denial.EXPIRED, "expired-credentials", "The client certificate has expired.", CHALLENGE);
  private static final Verdict FORBIDDEN =
      Verdict.Denied.of(
          Denial.FORBIDDEN, "forbidden", "The client certificate is not one of those let in.", "");

  private final Map<CertificatePattern, String> principals = new LinkedHashMap<>();
  private final Clock clock;

  MtlsGuard(Map<String, String> principals, Clock clock) {
    this.clock = clock;
    principals.forEach(
        (pattern, name) -> this.principals.put(CertificatePattern.parse(pattern), name));
  }

  @Override
  public Verdict admit(Caller caller) {
    Optional<X509Certificate> shown = caller.certificate();
    if (shown.isEmpty()) {
      return MISSING;
    }
    X509Certificate certificate = shown.get();
    if (certificate.getNotAfter().toInstant().isBefore(clock.instant())) {
      return EXPIRED;
    }
    for (Map.Entry<CertificatePattern, String> each : principals.entrySet()) {
      Optional<String> star = each.getKey().match(certificate);
      if (star.isPresent()) {
        return new Verdict.Admitted(each.getValue().replace("*", star.get()));
      }
    }
    return FORBIDDEN;
  }
}
