/**
 * The source {@code directory}: files that match a pattern, line by line.
 *
 * <p>Promise: at least once. How far each file was read is kept under the file's identity and moves
 * with the events' receipts, so a line is read again only when the gateway ends between storing it
 * and keeping the place. Nothing is moved or deleted before the place behind its last line is kept.
 */
@NullMarked
package io.sluice.source.poll.directory;

import org.jspecify.annotations.NullMarked;
