/**
 * Bytes to batches: splitting bodies into events, checking JSON, undoing content codings.
 *
 * <p>Nothing here does input or output, and nothing keeps state beyond the object one is given.
 */
@NullMarked
package io.sluice.codec;

import org.jspecify.annotations.NullMarked;
