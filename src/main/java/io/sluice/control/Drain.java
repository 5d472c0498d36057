package io.sluice.control;

import java.time.Duration;

/**
 * How a gateway stops when it is told to.
 *
 * @param delay how long it goes on after it has said that it is not ready any more, so that whoever
 *     sends requests its way can hear of it
 * @param within how long it then waits for requests that were begun, and again for sinks
 */
public record Drain(Duration delay, Duration within) {}
