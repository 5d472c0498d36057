package io.sluice.source.websocket;

/** Which messages a source takes. */
public enum Accept {
  /** Whatever comes: texts are {@code text/plain}, others {@code application/octet-stream}. */
  ANY,
  /** JSON only, in texts. */
  JSON,
  /** CloudEvents only, each a JSON object in a text. */
  CLOUDEVENTS
}
