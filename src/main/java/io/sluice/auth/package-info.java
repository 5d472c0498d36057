/**
 * Who is there: principals and the ways to prove one. Nothing here reads a request; proofs are in
 * the head of a request or handshake, in TLS, or in the MAC of a body that a source runs past them.
 */
@NullMarked
package io.sluice.auth;

import org.jspecify.annotations.NullMarked;
