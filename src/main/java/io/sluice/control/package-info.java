/** What runs: the configuration as one model, and the steps that make the gateway follow it. */
@NullMarked
package io.sluice.control;

import org.jspecify.annotations.NullMarked;
