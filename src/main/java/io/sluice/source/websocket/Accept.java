package io.sluice.source.websocket;

/** Which messages a source takes. */
public enum Accept {
  /** Whatever comes: texts are {@code text/plain}, others {@code application/octet-stream}. */
  ANY,
  /** JSON only, in texts. */
  JSON
}
