package io.sluice.cli.send;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/** A chunk whose lines are settled one by one. Confined to its sender's event loop. */
final class Cargo {
  private final Chunk chunk;
  private final List<Line> lines = new ArrayList<>();
  private final List<Rejection> rejections = new ArrayList<>();
  private final Promise<Result> promise = Promise.promise();
  private long accepted;
  private int retries;

  /** One line that is not blank. */
  final class Line {
    private final long number;
    private final Buffer bytes;
    private boolean refused;

    private Line(long number, Buffer bytes) {
      this.number = number;
      this.bytes = bytes;
    }

    Buffer bytes() {
      return bytes;
    }

    /** The server names it as no good. */
    void refused(String detail) {
      if (!refused) {
        refused = true;
        rejections.add(new Rejection(number, detail));
      }
    }

    /** The server is done with it. */
    void settled() {
      accepted += refused ? 0 : 1;
      if (accepted + rejections.size() == lines.size()) {
        promise.tryComplete(
            new Result(chunk, accepted, 0, rejections, rejections.size(), 0, retries, ""));
      }
    }
  }

  Cargo(Chunk chunk) {
    this.chunk = chunk;
    Buffer body = chunk.body();
    long number = chunk.firstLine();
    int start = 0;
    for (int at = 0; at < body.length(); at++) {
      if (body.getByte(at) == '\n') {
        Buffer line = body.slice(start, at);
        if (!line.toString().isBlank()) {
          lines.add(new Line(number, line));
        }
        number++;
        start = at + 1;
      }
    }
  }

  List<Line> lines() {
    return lines;
  }

  Future<Result> result() {
    return promise.future();
  }

  /** It is sent, and nobody will ever say what became of it. */
  void sent() {
    promise.tryComplete(
        new Result(chunk, accepted, 0, rejections, rejections.size(), 0, retries, ""));
  }

  /** Its connection is made once more. */
  void retried() {
    retries++;
  }

  /** Nothing more will come of it; what is settled by now counts. */
  void end(String why) {
    long failed = lines.size() - accepted - rejections.size();
    promise.tryComplete(
        new Result(chunk, accepted, 0, rejections, rejections.size(), failed, retries, why));
  }
}
