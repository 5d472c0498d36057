/**
 * The load driver behind {@code sluice bench}: non-blocking sockets, request bytes built once, and
 * a response scanner that reads what it must, so that the driver costs less than what it drives.
 *
 * <p>HTTP/1.1, lines over TCP, or messages over WebSocket, the last two with receipts or without
 * any answer; all with TLS or without. A run has its own threads and ends by itself.
 */
@NullMarked
package io.sluice.cli.load;

import org.jspecify.annotations.NullMarked;
