package io.sluice.cli.target;

/** How events are pushed. */
public enum Protocol {
  HTTP("http", "https", 80, 443),
  WEBSOCKET("ws", "wss", 80, 443),
  /** A line an event; has no port of its own. */
  TCP("tcp", "tcps", -1, -1);

  private final String open;
  private final String secure;
  private final int openPort;
  private final int securePort;

  Protocol(String open, String secure, int openPort, int securePort) {
    this.open = open;
    this.secure = secure;
    this.openPort = openPort;
    this.securePort = securePort;
  }

  /** What its addresses begin with. */
  String scheme(boolean tls) {
    return tls ? secure : open;
  }

  /** The port when an address names none; -1 for none. */
  int port(boolean tls) {
    return tls ? securePort : openPort;
  }
}
