package io.sluice.source.websocket;

/** Why a connection is closed (RFC 6455 section 7.4, and the registry it founded). */
enum CloseCode {
  NORMAL(1000),
  PROTOCOL_ERROR(1002),
  UNSUPPORTED_DATA(1003),
  INVALID_DATA(1007),
  POLICY(1008),
  TOO_BIG(1009),
  INTERNAL(1011),
  RESTART(1012),
  TRY_LATER(1013);

  private final int number;

  CloseCode(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }

  /** Whether a peer may send this number. */
  static boolean allowed(int number) {
    return (number >= 1000 && number <= 1003)
        || (number >= 1007 && number <= 1014)
        || (number >= 3000 && number <= 4999);
  }
}
