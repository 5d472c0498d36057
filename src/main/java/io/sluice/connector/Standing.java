package io.sluice.connector;

import java.time.Duration;
import java.util.Optional;

/**
 * How a source stands that takes the initiative.
 *
 * @param state one word of a fixed set
 * @param trouble what is wrong, one sentence without secrets
 * @param interval how long it waits at the moment from one time to the next, where that is fixed or
 *     learnt
 */
public record Standing(String state, Optional<String> trouble, Optional<Duration> interval) {}
