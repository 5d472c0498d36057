/**
 * The source {@code sql}: rows that a query brings from PostgreSQL, MySQL or MariaDB, a JSON object
 * each.
 *
 * <p>Promise: at least once for every row that the query shows behind the cursor, and once as long
 * as the gateway does not end between storing rows and keeping the place. Rows that share the
 * cursor's value are told apart by their id, or by all that is in them. Rows that become visible
 * later with a smaller value than the cursor's are not seen: the query has to leave out what is
 * still too fresh, or look back and have a stream leave out what comes twice.
 */
@NullMarked
package io.sluice.source.poll.sql;

import org.jspecify.annotations.NullMarked;
