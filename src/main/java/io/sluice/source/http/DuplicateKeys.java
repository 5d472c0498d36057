package io.sluice.source.http;

/** What becomes of a JSON event in which an object has a key twice. */
public enum DuplicateKeys {
  /** It is taken as it is; what reads it decides which of the two it believes. */
  ALLOW,
  /** It is a bad event, like one that is no JSON. */
  REFUSE
}
