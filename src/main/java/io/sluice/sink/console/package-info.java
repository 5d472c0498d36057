/**
 * The sink {@code console}: events as lines on standard output.
 *
 * <p>Promise: at least once, into the pipe; what the reader of the pipe does is beyond it.
 */
@NullMarked
package io.sluice.sink.console;

import org.jspecify.annotations.NullMarked;
