package io.sluice.auth;

import io.vertx.core.buffer.Buffer;

/**
 * Completes a proof with the raw bytes of a body, as they stream in. Used by one thread at a time.
 */
public interface BodyProof {
  /** The next bytes, as they were sent, before any content coding is undone. */
  void add(Buffer bytes);

  /** Whether the body proves it; to be asked once, after the last byte. Never pending. */
  Verdict verdict();

  /**
   * What a repetition of the same signed request has in common with it and no other request has;
   * empty where there is no such thing. Known once the verdict is.
   */
  String once();
}
