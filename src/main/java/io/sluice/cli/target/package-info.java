/** What {@code sluice send} and {@code sluice bench} send to. */
@NullMarked
package io.sluice.cli.target;

import org.jspecify.annotations.NullMarked;
