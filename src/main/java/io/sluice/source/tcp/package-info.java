/**
 * TCP push: records in a stream of bytes, by line, by length or by octet count.
 *
 * <p>Promise: without receipts, none beyond TCP's; what was received whole goes into the stream.
 * With receipts, the events that the client's last receipt counts are kept as the source's {@code
 * ack} says; those behind it may be, so a client that sends them again on its next connection has
 * them at least once.
 */
@NullMarked
package io.sluice.source.tcp;

import org.jspecify.annotations.NullMarked;
