package io.sluice.sink.discard;

/** Settings of a discard sink: none of its own. */
public record DiscardConfig() {}
