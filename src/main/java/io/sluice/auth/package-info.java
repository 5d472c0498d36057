/**
 * Who is there: principals and the ways to prove one. Nothing here reads a body; proofs are in the
 * head of a request or handshake.
 */
@NullMarked
package io.sluice.auth;

import org.jspecify.annotations.NullMarked;
