/**
 * The middle of the house: a stream takes batches, keeps them, answers receipts and feeds each sink
 * from its own position.
 *
 * <p>A {@link io.sluice.stream.StreamVerticle} owns one log (a journal on disk, or memory) and one
 * feed a sink. One write serves all sinks: those that are caught up are fed from the window of
 * latest batches, those behind read the log.
 *
 * <p>Streams of several gateways may share what they remember: then an {@link
 * io.sluice.stream.Arbiter} decides who has an event, once it is in a log, and only then it counts.
 */
@NullMarked
package io.sluice.stream;

import org.jspecify.annotations.NullMarked;
