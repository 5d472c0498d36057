/**
 * HTTP pull: asks an API again and again for what is new, and takes records out of its answers
 * while they come in.
 *
 * <p>At least once: the cursor moves once the records before it are in the stream, so what was
 * under way at a crash, or when an answer broke off, is asked for again.
 *
 * <p>Everything here belongs to one event loop, but for values.
 */
@NullMarked
package io.sluice.source.poll.http;

import org.jspecify.annotations.NullMarked;
