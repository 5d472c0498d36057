package io.sluice.flow;

import io.sluice.event.Ack;
import io.sluice.event.Batch;

/** What an inlet sends to a stream: a batch, and how much must be true before its receipt comes. */
public record Put(Batch batch, Ack ack) {}
