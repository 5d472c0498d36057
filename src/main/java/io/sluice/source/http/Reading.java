package io.sluice.source.http;

import io.vertx.core.Context;
import io.vertx.core.http.HttpServerRequest;

/**
 * Whether a request's body flows. A large one stands still for a turn of the loop after each part
 * of it, so that others are read between. Confined to its event loop.
 */
final class Reading {
  /** What one body may bring before others have their turn. Bytes. */
  private static final int PART = 128 << 10;

  private final HttpServerRequest request;
  private final Context loop;
  private int part;
  private boolean yielding;
  private boolean paused;
  private boolean ended;

  Reading(HttpServerRequest request, Context loop) {
    this.request = request;
    this.loop = loop;
  }

  /** So much more of it has come. */
  void came(int bytes) {
    part += bytes;
    if (part > PART && !yielding && !paused && !ended) {
      part = 0;
      yielding = true;
      request.pause();
      loop.runOnContext(next -> goOn());
    }
  }

  private void goOn() {
    yielding = false;
    if (!paused && !ended) {
      request.resume();
    }
  }

  boolean isPaused() {
    return paused;
  }

  /** Stops the body; once it has ended there is nothing to stop, and HTTP/2 would object. */
  void pause() {
    if (!paused && !ended) {
      paused = true;
      if (!yielding) {
        request.pause();
      }
    }
  }

  /** The whole body has come, or what comes is somebody else's affair. */
  void end() {
    ended = true;
  }

  void proceed() {
    if (paused) {
      paused = false;
      if (!yielding) {
        request.resume();
      }
    }
  }
}
