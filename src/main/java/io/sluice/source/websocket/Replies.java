package io.sluice.source.websocket;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.vertx.core.buffer.Buffer;

/** The text frames of {@code sluice.v1}, each one JSON object with one member. */
final class Replies {
  private Replies() {}

  /** The first frame: which session this is, how far it got, how much may be under way. */
  static Buffer ready(String session, long through, long credit) {
    return ServerFrame.text(
        "{\"ready\":{\"session\":\""
            + session
            + "\",\"through\":"
            + through
            + ",\"credit\":"
            + credit
            + "}}");
  }

  /** Every event up to a number is settled. */
  static Buffer ack(long through, long credit) {
    return ServerFrame.text("{\"ack\":{\"through\":" + through + ",\"credit\":" + credit + "}}");
  }

  /** One event is not taken. */
  static Buffer refused(long number, String detail) {
    return ServerFrame.text(
        "{\"refused\":{\"number\":"
            + number
            + ",\"detail\":\""
            + new String(JsonStringEncoder.getInstance().quoteAsString(detail))
            + "\"}}");
  }
}
