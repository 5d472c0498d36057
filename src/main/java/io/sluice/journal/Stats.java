package io.sluice.journal;

/**
 * Figures of a journal at one moment; counts are since it was opened.
 *
 * @param events that were committed
 * @param bytes of frames that were committed
 * @param commits groups
 * @param forces how often the disk was asked to keep what it has
 * @param forceNanos time spent waiting for that
 * @param refused batches that found no room or were too large
 * @param lostEvents that had been forced and cannot be read, as far as known
 * @param segments files that hold events
 * @param fileBytes what they take on disk, room prepared ahead included
 * @param queuedBytes what waits for the writer
 * @param recoveryNanos how long opening took
 * @param tornBytes what recovery cut from the tail
 * @param cleanStart whether the journal had been shut down in order
 * @param diskFull whether appends are refused for want of room at the moment
 * @param failed whether the disk failed; final
 */
public record Stats(
    long events,
    long bytes,
    long commits,
    long forces,
    long forceNanos,
    long refused,
    long lostEvents,
    int segments,
    long fileBytes,
    long queuedBytes,
    long recoveryNanos,
    long tornBytes,
    boolean cleanStart,
    boolean diskFull,
    boolean failed) {}
