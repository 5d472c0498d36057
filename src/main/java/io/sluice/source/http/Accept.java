package io.sluice.source.http;

/** Which bodies a source takes. */
public enum Accept {
  /** Whatever comes; what is not known to be JSON or lines is one opaque event. */
  ANY,
  /** JSON and lines of JSON only. */
  JSON,
  /** CloudEvents only: structured, batched or binary. */
  CLOUDEVENTS
}
