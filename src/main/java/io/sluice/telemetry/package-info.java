/** What the house says of itself: names of metrics, their labels, log keys; and how logs look. */
@NullMarked
package io.sluice.telemetry;

import org.jspecify.annotations.NullMarked;
