/**
 * The command line, one class a command. A command runs on the main thread and may wait there; it
 * returns its exit code and never exits.
 */
@NullMarked
package io.sluice.cli;

import org.jspecify.annotations.NullMarked;
