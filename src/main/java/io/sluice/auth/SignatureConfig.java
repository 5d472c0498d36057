package io.sluice.auth;

import io.sluice.config.Check;
import io.sluice.config.Key;
import java.util.Optional;

/** How a sender signs that follows no preset. */
public record SignatureConfig(
    @Key(doc = "The header with the signature.") String header,
    @Key(doc = "What stands before the signature in its header: `sha256=`.")
        Optional<String> prefix,
    @Key(doc = "How the signature is written.", preset = "hex") Encoding encoding,
    @Key(doc = "The hash of the HMAC.", preset = "sha256") Hash hash,
    @Key(doc = "The header with the moment it was signed, in seconds since 1970.")
        Optional<String> timestampHeader,
    @Key(doc = "The header with what tells one message from all others.") Optional<String> idHeader,
    @Key(
            doc =
                "What is signed: `{body}` at the end, and before it anything, with `{id}` and"
                    + " `{timestamp}` for what stands in their headers.",
            preset = "{body}")
        String signed) {
  /** How bytes are written. */
  public enum Encoding {
    HEX,
    BASE64
  }

  /** Hash functions for HMAC. */
  public enum Hash {
    SHA256("HmacSHA256", 32),
    SHA512("HmacSHA512", 64);

    private final String algorithm;
    private final int bytes;

    Hash(String algorithm, int bytes) {
      this.algorithm = algorithm;
      this.bytes = bytes;
    }

    String algorithm() {
      return algorithm;
    }

    int bytes() {
      return bytes;
    }
  }

  private static final String BODY = "{body}";

  public SignatureConfig {
    Check.that(!header.isBlank(), "header", "must name a header");
    Check.that(
        signed.endsWith(BODY) && signed.indexOf(BODY) == signed.length() - BODY.length(),
        "signed",
        "must end with {body}, and have it once");
    Check.that(
        signed.contains("{timestamp}") == timestampHeader.isPresent(),
        "timestampHeader",
        "belongs to {timestamp} in `signed`: what is not signed proves nothing");
    Check.that(
        signed.contains("{id}") == idHeader.isPresent(),
        "idHeader",
        "belongs to {id} in `signed`: what is not signed proves nothing");
  }

  /** What is signed before the body. */
  String before() {
    return signed.substring(0, signed.length() - BODY.length());
  }
}
