/** Main and wiring: the only place that names concrete connectors, reads the environment, exits. */
@NullMarked
package io.sluice.app;

import org.jspecify.annotations.NullMarked;
