/**
 * The load driver behind {@code sluice bench}: non-blocking sockets, request bytes built once, and
 * a response scanner that reads what it must, so that the driver costs less than what it drives.
 *
 * <p>HTTP/1.1, or lines over TCP with receipts; without TLS. A run has its own threads and ends by
 * itself.
 */
@NullMarked
package io.sluice.cli.load;

import org.jspecify.annotations.NullMarked;
