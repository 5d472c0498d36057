/**
 * Deliveries on their way from a stream to a sink: what is the same for every sink, as sinks around
 * it. {@link io.sluice.delivery.Batching} around {@link io.sluice.delivery.Retrying} around {@link
 * io.sluice.delivery.Instrumented} around {@link io.sluice.delivery.TimeLimited} around the
 * connector's own.
 */
@NullMarked
package io.sluice.delivery;

import org.jspecify.annotations.NullMarked;
