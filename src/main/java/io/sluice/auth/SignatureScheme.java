package io.sluice.auth;

import io.sluice.auth.SignatureConfig.Encoding;
import io.sluice.auth.SignatureConfig.Hash;
import io.sluice.config.Secret;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One way to sign messages.
 *
 * @param form how the signature's header is laid out
 * @param prefix what stands before each signature in it
 * @param before what is signed before the body, with {@code {id}} and {@code {timestamp}}
 * @param once what a repeated message has in common with the first
 */
record SignatureScheme(
    Form form,
    String header,
    String prefix,
    Encoding encoding,
    Hash hash,
    Optional<String> timestampHeader,
    Optional<String> idHeader,
    String before,
    Once once) {
  private static final int MAX_SIGNATURES = 8;
  private static final String SECRET_PREFIX = "whsec_";

  /** How a header with signatures is laid out. */
  enum Form {
    /** One signature. */
    ONE(""),
    /** Several, with spaces between them, each with its version. */
    WORDS(" "),
    /** Names and values, with commas between them; {@code t} is the timestamp. */
    PAIRS(",");

    private final String separator;

    Form(String separator) {
      this.separator = separator;
    }
  }

  /** What tells that a message is one that came before. */
  enum Once {
    NOTHING,
    ID,
    /** The signature, which has a moment in it or signs a body that is like no other. */
    SIGNATURE
  }

  static SignatureScheme of(Auth.Signature auth) {
    return switch (auth.preset()) {
      case GITHUB -> preset(Form.ONE, "x-hub-signature-256", "sha256=", "", "", "");
      case SLACK ->
          preset(
              Form.ONE,
              "x-slack-signature",
              "v0=",
              "x-slack-request-timestamp",
              "",
              "v0:{timestamp}:");
      case STRIPE -> preset(Form.PAIRS, "stripe-signature", "v1=", "", "", "{timestamp}.");
      case STANDARD_WEBHOOKS ->
          preset(
              Form.WORDS,
              "webhook-signature",
              "v1,",
              "webhook-timestamp",
              "webhook-id",
              "{id}.{timestamp}.");
      case CUSTOM -> auth.custom().map(SignatureScheme::custom).orElseThrow();
    };
  }

  private static SignatureScheme preset(
      Form form, String header, String prefix, String timestamp, String id, String before) {
    return new SignatureScheme(
        form,
        header,
        prefix,
        form == Form.WORDS ? Encoding.BASE64 : Encoding.HEX,
        Hash.SHA256,
        Optional.of(timestamp).filter(name -> !name.isEmpty()),
        Optional.of(id).filter(name -> !name.isEmpty()),
        before,
        id.isEmpty() ? Once.SIGNATURE : Once.ID);
  }

  private static SignatureScheme custom(SignatureConfig config) {
    Once once =
        config.idHeader().isPresent()
            ? Once.ID
            : config.timestampHeader().isPresent() ? Once.SIGNATURE : Once.NOTHING;
    return new SignatureScheme(
        Form.ONE,
        config.header(),
        config.prefix().orElse(""),
        config.encoding(),
        config.hash(),
        config.timestampHeader(),
        config.idHeader(),
        config.before(),
        once);
  }

  /** Whether a moment is signed. */
  boolean timed() {
    return form == Form.PAIRS || timestampHeader.isPresent();
  }

  /**
   * The key that is in a secret.
   *
   * @throws IllegalArgumentException when there is none, without repeating it
   */
  static byte[] key(SignaturePreset preset, Secret secret) {
    String text = secret.reveal();
    if (preset != SignaturePreset.STANDARD_WEBHOOKS) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    String base64 = text.startsWith(SECRET_PREFIX) ? text.substring(SECRET_PREFIX.length()) : text;
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException odd) {
      // The decoder's words would repeat some of it.
      throw new IllegalArgumentException("has a secret that is not whsec_ and Base64");
    }
  }

  /** The parts of the header, each with what it begins with. */
  List<String> parts(String value) {
    return form == Form.ONE ? List.of(value) : List.of(value.split(form.separator));
  }

  /** The signatures among the parts that can be read; others are left out. */
  List<byte[]> signatures(List<String> parts) {
    List<byte[]> all = new ArrayList<>(1);
    for (String part : parts) {
      byte[] bytes = part.startsWith(prefix) ? decoded(part.substring(prefix.length())) : null;
      if (bytes != null && bytes.length == hash.bytes() && all.size() < MAX_SIGNATURES) {
        all.add(bytes);
      }
    }
    return all;
  }

  private byte @Nullable [] decoded(String text) {
    try {
      return encoding == Encoding.HEX
          ? HexFormat.of().parseHex(text)
          : Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException unreadable) {
      return null;
    }
  }
}
