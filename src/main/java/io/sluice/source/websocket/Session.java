package io.sluice.source.websocket;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A client's sequence of events, over all of its connections.
 *
 * @param token what the client shows to go on with it; as good as a key, so never logged
 * @param key what the stream knows it by, before a dot whose it is: of another principal or source
 *     the same token makes another session, so a token that leaked is of no use without the
 *     credentials
 */
record Session(String token, String key) {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
  private static final int BYTES = 16;
  private static final int OWNER_BYTES = 9;
  private static final int CHARACTERS = 22;

  /** A session that nobody had before. */
  static Session fresh(String source, String principal) {
    byte[] token = new byte[BYTES];
    RANDOM.nextBytes(token);
    return of(BASE64.encodeToString(token), source, principal);
  }

  /** The session of a token. */
  static Session of(String token, String source, String principal) {
    String owner = digest(OWNER_BYTES, source, principal);
    return new Session(token, owner + "." + digest(BYTES, source, principal, token));
  }

  private static String digest(int bytes, String... parts) {
    MessageDigest digest = sha256();
    for (String part : parts) {
      byte[] text = part.getBytes(StandardCharsets.UTF_8);
      digest.update((text.length + ":").getBytes(StandardCharsets.US_ASCII));
      digest.update(text);
    }
    return BASE64.encodeToString(Arrays.copyOf(digest.digest(), bytes));
  }

  /** Whether a token could be one that was given out. */
  static boolean plausible(@Nullable String token) {
    if (token == null || token.length() != CHARACTERS) {
      return false;
    }
    return token
        .chars()
        .allMatch(
            c ->
                (c >= 'A' && c <= 'Z')
                    || (c >= 'a' && c <= 'z')
                    || (c >= '0' && c <= '9')
                    || c == '-'
                    || c == '_');
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JVM has SHA-256", impossible);
    }
  }

  @Override
  public String toString() {
    return "session " + key;
  }
}
