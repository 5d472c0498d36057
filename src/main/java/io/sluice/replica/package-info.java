/**
 * This gateway as one of several that do the same work: what the operator says of that, and what
 * they share: a database, the Kubernetes API. Nothing here opens a connection before somebody needs
 * one.
 */
@NullMarked
package io.sluice.replica;

import org.jspecify.annotations.NullMarked;
