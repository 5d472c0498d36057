/** The vocabulary of the house: values only, immutable, safe to share between threads. */
@NullMarked
package io.sluice.event;

import org.jspecify.annotations.NullMarked;
