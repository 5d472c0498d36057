package io.sluice.source.http;

import io.vertx.core.http.HttpServerRequest;

/** Whether a request's body flows. Confined to its event loop. */
final class Reading {
  private final HttpServerRequest request;
  private boolean paused;
  private boolean ended;

  Reading(HttpServerRequest request) {
    this.request = request;
  }

  boolean isPaused() {
    return paused;
  }

  /** Stops the body; once it has ended there is nothing to stop, and HTTP/2 would object. */
  void pause() {
    if (!paused && !ended) {
      paused = true;
      request.pause();
    }
  }

  /** The whole body has come. */
  void end() {
    ended = true;
  }

  void proceed() {
    if (paused) {
      paused = false;
      request.resume();
    }
  }
}
