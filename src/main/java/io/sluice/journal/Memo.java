package io.sluice.journal;

import io.sluice.event.Position;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What somebody remembers of all events before a position, to be kept beside the journal; see
 * {@link Journal#remember}. The suppliers are asked on the journal's keeper thread, once or more,
 * and must give the same bytes each time.
 *
 * @param upTo behind the last event that is part of it; committed
 * @param head what changes from memo to memo; written anew for each
 * @param parts what does not change any more, by number; each is written once, and deleted when a
 *     memo does not name it any more
 */
public record Memo(Position upTo, Supplier<byte[]> head, Map<Long, Supplier<byte[]>> parts) {}
