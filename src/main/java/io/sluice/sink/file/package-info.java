/**
 * The sink {@code file}: events as lines of files, with rotation, compression and paths made of
 * what is known of an event.
 *
 * <p>Promise: exactly once, across crashes and power cuts. How long each file is and where the sink
 * stands in each stream are kept together; after a crash files are cut back to what was kept, and
 * the streams deliver from there.
 */
@NullMarked
package io.sluice.sink.file;

import org.jspecify.annotations.NullMarked;
