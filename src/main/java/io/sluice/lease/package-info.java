/**
 * Who may poll a source, and how far it was read: one record for both, kept in a file of the data
 * directory. Stores that several gateways share stand beside it behind the same port.
 */
@NullMarked
package io.sluice.lease;

import org.jspecify.annotations.NullMarked;
