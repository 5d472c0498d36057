package io.sluice.cli.send;

/**
 * A line that was not taken.
 *
 * @param line number in the input, from 1
 * @param detail why, for a human
 */
public record Rejection(long line, String detail) {}
