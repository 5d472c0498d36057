package io.sluice.cli.send;

import io.vertx.core.buffer.Buffer;

/**
 * Lines that are sent together.
 *
 * @param number from 0
 * @param firstLine number in the input, from 1, of the body's first line
 * @param events lines that are not blank
 * @param body the lines as they were read, blank ones too, so that the server's line numbers count
 *     from {@code firstLine}
 */
public record Chunk(long number, long firstLine, int events, Buffer body) {}
