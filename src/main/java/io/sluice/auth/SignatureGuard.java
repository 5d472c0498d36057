package io.sluice.auth;

import io.vertx.core.MultiMap;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Knows a sender by an HMAC over the raw body. What is in the head is checked before any of the
 * body is read: that there is a signature, and that it is not too old.
 */
final class SignatureGuard implements Guard {
  private static final String CHALLENGE = "Signature realm=\"sluice\"";
  private static final int MAX_ID = 255;
  private static final int MAX_DIGITS = 12;

  private static final Verdict MISSING =
      denied(Denial.UNKNOWN, "signature-missing", "A header that the signature needs is missing.");
  private static final Verdict MALFORMED =
      denied(
          Denial.WRONG, "signature-malformed", "A header that the signature needs is malformed.");
  private static final Verdict VERSION =
      denied(Denial.WRONG, "signature-version", "There is no signature of the version known here.");
  private static final Verdict EXPIRED =
      denied(
          Denial.EXPIRED,
          "signature-expired",
          "The signature was not made around now; too old, or clocks are apart.");
  static final Verdict WRONG =
      denied(Denial.WRONG, "signature-wrong", "The signature does not fit the body.");

  private final SignatureScheme scheme;
  private final List<byte[]> keys;
  private final Verdict sender;
  private final Duration window;
  private final Clock clock;

  SignatureGuard(Auth.Signature auth, Clock clock) {
    this.scheme = SignatureScheme.of(auth);
    this.keys =
        auth.secrets().stream().map(each -> SignatureScheme.key(auth.preset(), each)).toList();
    this.sender = new Verdict.Admitted(auth.sender());
    this.window = auth.window();
    this.clock = clock;
  }

  private static Verdict denied(Denial why, String code, String detail) {
    return Verdict.Denied.of(why, code, detail, CHALLENGE);
  }

  @Override
  public Verdict admit(Caller caller) {
    MultiMap headers = caller.headers();
    String signature = headers.get(scheme.header());
    String id = scheme.idHeader().map(headers::get).orElse(null);
    if (signature == null || (id == null && scheme.idHeader().isPresent())) {
      return MISSING;
    }
    if (id != null && (id.isEmpty() || id.length() > MAX_ID || id.indexOf('.') >= 0)) {
      return MALFORMED;
    }
    List<String> parts = scheme.parts(signature);
    String timestamp = timestamp(headers, parts);
    if (scheme.timed()) {
      if (timestamp == null) {
        return MISSING;
      }
      if (!digits(timestamp)) {
        return MALFORMED;
      }
      long apart = Math.abs(clock.instant().getEpochSecond() - Long.parseLong(timestamp));
      if (apart > window.toSeconds()) {
        return EXPIRED;
      }
    }
    if (parts.stream().noneMatch(part -> part.startsWith(scheme.prefix()))) {
      return VERSION;
    }
    List<byte[]> signatures = scheme.signatures(parts);
    if (signatures.isEmpty()) {
      return MALFORMED;
    }
    String before =
        scheme
            .before()
            .replace("{timestamp}", timestamp == null ? "" : timestamp)
            .replace("{id}", id == null ? "" : id);
    return new Verdict.Pending(
        new SignatureProof(scheme, keys, before, signatures, id == null ? "" : id, sender));
  }

  private @Nullable String timestamp(MultiMap headers, List<String> parts) {
    if (scheme.form() == SignatureScheme.Form.PAIRS) {
      return parts.stream()
          .filter(part -> part.startsWith("t="))
          .map(part -> part.substring(2))
          .findFirst()
          .orElse(null);
    }
    return scheme.timestampHeader().map(headers::get).orElse(null);
  }

  private static boolean digits(String text) {
    return !text.isEmpty()
        && text.length() <= MAX_DIGITS
        && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
