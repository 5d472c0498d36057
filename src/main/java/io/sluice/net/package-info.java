/**
 * Listeners: addresses that are bound with their first route and let go with their last, and what
 * every request has to stand before a route sees it.
 */
@NullMarked
package io.sluice.net;

import org.jspecify.annotations.NullMarked;
