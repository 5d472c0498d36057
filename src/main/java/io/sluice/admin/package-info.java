/**
 * What operators and their machines ask a running gateway: health, metrics, topology. Reads what
 * the gateway says of itself; never stands in the way of an event.
 */
@NullMarked
package io.sluice.admin;

import org.jspecify.annotations.NullMarked;
