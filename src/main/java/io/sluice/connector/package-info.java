/**
 * The ports between the house and its connectors: what a source, a sink and their surroundings
 * promise each other.
 */
@NullMarked
package io.sluice.connector;

import org.jspecify.annotations.NullMarked;
