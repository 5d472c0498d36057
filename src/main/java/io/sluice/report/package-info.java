/**
 * What sources brought, what that took, and what to make of it. Reads the gateway's meters and
 * counts nothing itself.
 */
@NullMarked
package io.sluice.report;

import org.jspecify.annotations.NullMarked;
