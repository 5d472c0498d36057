package io.sluice.auth;

/** What a protocol has to prove something with, beside TLS. */
public enum Carrier {
  /** A head, and a body that is whole before anything is stored: HTTP push. */
  REQUEST,
  /** A head only: the WebSocket handshake, and pages that are read. */
  HEAD,
  /** Nothing: TCP. */
  CONNECTION
}
