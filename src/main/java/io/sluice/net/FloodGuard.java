package io.sluice.net;

import io.vertx.core.http.HttpConnection;

/**
 * Ends HTTP/2 connections that send more PING or SETTINGS frames than anybody needs. One a
 * connection, on its event loop.
 */
final class FloodGuard {
  private static final int MAX_FRAMES = 100;
  private static final long WINDOW_NANOS = 10_000_000_000L;
  private static final long ENHANCE_YOUR_CALM = 11;

  private final HttpConnection connection;
  private final ListenerTelemetry telemetry;
  private long windowStart = System.nanoTime();
  private int frames;

  private FloodGuard(HttpConnection connection, ListenerTelemetry telemetry) {
    this.connection = connection;
    this.telemetry = telemetry;
  }

  static void watch(HttpConnection connection, ListenerTelemetry telemetry) {
    FloodGuard guard = new FloodGuard(connection, telemetry);
    try {
      connection.pingHandler(ping -> guard.count());
    } catch (UnsupportedOperationException http1) {
      return;
    }
    connection.remoteSettingsHandler(settings -> guard.count());
  }

  private void count() {
    long now = System.nanoTime();
    if (now - windowStart > WINDOW_NANOS) {
      windowStart = now;
      frames = 0;
    }
    if (++frames == MAX_FRAMES) {
      telemetry.refused("control-frame-flood");
      connection.goAway(ENHANCE_YOUR_CALM);
      connection.close();
    }
  }
}
