/**
 * HTTP push: one POST, one or many events, one answer that says how safe they are.
 *
 * <p>At least once: an event is in the stream before its answer says so, and a client that got no
 * answer, or 503 or 504, sends again; with an {@code Idempotency-Key} the second is recognised
 * while the gateway remembers the first.
 */
@NullMarked
package io.sluice.source.http;

import org.jspecify.annotations.NullMarked;
