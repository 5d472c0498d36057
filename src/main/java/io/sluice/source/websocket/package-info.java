/**
 * WebSocket push: each message is an event or several lines of them.
 *
 * <p>With subprotocol {@code sluice.v1} clients get receipts by number, and a session that resumes
 * after a broken connection or a restart of the gateway: nothing is lost, nothing is doubled.
 * Without it a client learns only that a connection was closed, and what was under way then may or
 * may not have been kept.
 *
 * <p>Frames are read here and not by Vert.x, which collects whole frames before anybody can count
 * them against credit, and names few faults as RFC 6455 wants them named.
 */
@NullMarked
package io.sluice.source.websocket;

import org.jspecify.annotations.NullMarked;
