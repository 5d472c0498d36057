package io.sluice.net;

/**
 * What a source hangs on a listener.
 *
 * <p>Opened once on each event loop of the listener; each endpoint is then confined to its loop.
 */
public interface Route {
  /** The path, exactly; begins with a slash. */
  String path();

  /** Makes the endpoint of the event loop that calls. */
  Endpoint open();
}
