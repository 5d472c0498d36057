/**
 * The durable journal: segments of checksummed frames, one writer that commits in groups, recovery,
 * and the positions of sinks kept beside it. Knows only batches and positions; the format is
 * described in {@code src/site/markdown/journal-format.md}.
 */
@NullMarked
package io.sluice.journal;

import org.jspecify.annotations.NullMarked;
