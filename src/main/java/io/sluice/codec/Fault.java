package io.sluice.codec;

/**
 * One thing that is wrong with a body.
 *
 * @param index which event, from 0; blank lines are none
 * @param line which line of the body, from 1
 * @param offset at which byte of the body, from 0
 * @param flaw what is wrong
 * @param detail one sentence for the client, without any of the payload
 */
public record Fault(int index, int line, int offset, Flaw flaw, String detail) {}
