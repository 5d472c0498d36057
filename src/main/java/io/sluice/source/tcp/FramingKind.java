package io.sluice.source.tcp;

import io.sluice.codec.Framing;

/** How records are told apart. */
public enum FramingKind {
  /** One a line. */
  NEWLINE {
    @Override
    Framing open(TcpSourceConfig config) {
      return Framing.lines(config.maxBytes());
    }

    @Override
    String contentType() {
      return "text/plain";
    }
  },
  /** Each behind its length. */
  LENGTH {
    @Override
    Framing open(TcpSourceConfig config) {
      boolean bigEndian = config.length().order() == LengthPrefix.Order.BIG;
      return Framing.lengths(config.length().bytes(), bigEndian, config.maxBytes());
    }

    @Override
    String contentType() {
      return "application/octet-stream";
    }
  },
  /** Each behind its length in digits and a space (RFC 6587, section 3.4.1). */
  OCTET_COUNTING {
    @Override
    Framing open(TcpSourceConfig config) {
      return Framing.counted(config.maxBytes());
    }

    @Override
    String contentType() {
      return "text/plain";
    }
  };

  /** For one connection. */
  abstract Framing open(TcpSourceConfig config);

  /** The media type of records that need not be JSON. */
  abstract String contentType();
}
