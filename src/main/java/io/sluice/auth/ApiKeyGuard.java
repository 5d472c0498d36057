package io.sluice.auth;

import io.sluice.config.Secret;
import io.vertx.core.MultiMap;
import java.security.MessageDigest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Knows principals by their keys. Compares with every key, so time does not tell which is near. */
final class ApiKeyGuard implements Guard {
  private static final String BEARER = "Bearer ";

  private final Digest digest = new Digest();
  private final String[] names;
  private final byte[][] digests;

  ApiKeyGuard(Map<String, Secret> keys) {
    names = new String[keys.size()];
    digests = new byte[keys.size()][];
    int i = 0;
    for (Map.Entry<String, Secret> key : keys.entrySet()) {
      names[i] = key.getKey();
      digests[i++] = digest.of(key.getValue().reveal());
    }
  }

  @Override
  public @Nullable String principal(MultiMap headers) {
    String key = key(headers);
    if (key == null) {
      return null;
    }
    byte[] shown = digest.of(key);
    String name = null;
    for (int i = 0; i < digests.length; i++) {
      if (MessageDigest.isEqual(digests[i], shown)) {
        name = names[i];
      }
    }
    return name;
  }

  private static @Nullable String key(MultiMap headers) {
    String key = headers.get("x-api-key");
    if (key != null) {
      return key;
    }
    String authorization = headers.get("authorization");
    return authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? authorization.substring(BEARER.length()).strip()
        : null;
  }

  @Override
  public boolean tried(MultiMap headers) {
    return headers.contains("x-api-key") || headers.contains("authorization");
  }

  @Override
  public String challenge() {
    return "Bearer realm=\"sluice\"";
  }
}
