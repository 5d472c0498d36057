/**
 * The sink {@code discard}: counts events and forgets them, for trying and for measuring.
 *
 * <p>Promise: every event is taken at once; nothing is kept.
 */
@NullMarked
package io.sluice.sink.discard;

import org.jspecify.annotations.NullMarked;
