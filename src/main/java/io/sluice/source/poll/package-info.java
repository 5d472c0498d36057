/**
 * The one engine of all pull sources: when to ask, whom not to bother, what to do when that fails,
 * and how far the upstream was read. A connector below brings a {@link
 * io.sluice.connector.PollFactory}, and {@link io.sluice.source.poll.PollSourceFactory} makes a
 * source of it.
 *
 * <p>At least once: the cursor moves behind an event only when a stream has it on disk, and is
 * written after that; what was read in between is read again after a crash.
 */
@NullMarked
package io.sluice.source.poll;

import org.jspecify.annotations.NullMarked;
