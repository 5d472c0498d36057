package io.sluice.journal;

import io.sluice.event.Position;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A {@link Memo} read back.
 *
 * @param upTo events from there on are not part of it and have to be read; what it tells of events
 *     behind that does not count
 * @param head empty when it was damaged
 * @param parts those that could be read, by number
 */
public record Remembered(Position upTo, Optional<byte[]> head, SortedMap<Long, byte[]> parts) {}
