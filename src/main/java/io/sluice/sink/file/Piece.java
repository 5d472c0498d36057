package io.sluice.sink.file;

import io.sluice.event.Batch;
import io.sluice.event.Position;

/**
 * Events of one batch that follow each other and go to the same place.
 *
 * @param first the position of the batch's first event
 * @param from index of the first event
 * @param to behind the last event
 */
record Piece(Batch batch, Position first, int from, int to, Target target) {}
