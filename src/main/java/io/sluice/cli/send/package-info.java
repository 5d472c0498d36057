/**
 * Pushing lines over HTTP for {@code sluice send}: a reader that cuts its input into batches, a
 * sender that repeats what may be repeated, and what came of it all.
 *
 * <p>The command's thread reads, waits and counts; the sender lives on one event loop. They share
 * nothing but chunks on the way there and results on the way back.
 */
@NullMarked
package io.sluice.cli.send;

import org.jspecify.annotations.NullMarked;
