package io.sluice.auth;

import io.sluice.config.Check;

/** Refuses ways to prove something that a protocol has no place for; answers the others. */
record Fitting(Carrier carrier, boolean certificates) implements Auth.Cases<Auth> {
  @Override
  public Auth none() {
    return new Auth.None();
  }

  @Override
  public Auth apiKey(Auth.ApiKey auth) {
    return needsHead(auth, "api-key");
  }

  @Override
  public Auth basic(Auth.Basic auth) {
    return needsHead(auth, "basic");
  }

  @Override
  public Auth jwt(Auth.Jwt auth) {
    return needsHead(auth, "jwt");
  }

  @Override
  public Auth mtls(Auth.Mtls auth) {
    Check.that(
        certificates,
        "auth",
        "is mtls, which needs `tls` with `clientCa`, the authorities that sign client"
            + " certificates");
    return auth;
  }

  @Override
  public Auth signature(Auth.Signature auth) {
    Check.that(
        carrier == Carrier.REQUEST,
        "auth",
        "is signature, which signs the body of a request: only sources of type http have one");
    return auth;
  }

  private Auth needsHead(Auth auth, String way) {
    Check.that(
        carrier != Carrier.CONNECTION,
        "auth",
        "is "
            + way
            + ", which has no place in this protocol: a TCP connection proves who it is with"
            + " mtls, or is open with none");
    return auth;
  }
}
