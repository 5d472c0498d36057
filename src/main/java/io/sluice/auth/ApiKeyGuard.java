package io.sluice.auth;

import io.sluice.config.Secret;
import io.vertx.core.MultiMap;
import java.security.MessageDigest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Knows principals by their keys. Compares with every key, so time does not tell which is near. */
final class ApiKeyGuard implements Guard {
  private final Digest digest = new Digest();
  private final Verdict.Admitted[] holders;
  private final byte[][] digests;

  ApiKeyGuard(Map<String, Secret> keys) {
    holders = new Verdict.Admitted[keys.size()];
    digests = new byte[keys.size()][];
    int i = 0;
    for (Map.Entry<String, Secret> key : keys.entrySet()) {
      holders[i] = new Verdict.Admitted(key.getKey());
      digests[i++] = digest.of(key.getValue().reveal());
    }
  }

  @Override
  public Verdict admit(Caller caller) {
    String key = key(caller.headers());
    if (key == null) {
      return Bearer.MISSING;
    }
    byte[] shown = digest.of(key);
    Verdict verdict = Bearer.WRONG;
    for (int i = 0; i < digests.length; i++) {
      if (MessageDigest.isEqual(digests[i], shown)) {
        verdict = holders[i];
      }
    }
    return verdict;
  }

  private static @Nullable String key(MultiMap headers) {
    String key = headers.get("x-api-key");
    return key != null ? key : Bearer.token(headers);
  }
}
