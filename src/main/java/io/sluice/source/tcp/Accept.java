package io.sluice.source.tcp;

/** Which records a source takes. */
public enum Accept {
  /** Whatever comes. */
  ANY,
  /** JSON texts only. */
  JSON,
  /** CloudEvents only, each a JSON object. */
  CLOUDEVENTS
}
