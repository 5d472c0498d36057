/**
 * The gateway beside bare Vert.x: what an event costs. Started by hand, see {@code
 * src/site/markdown/performance.md}.
 */
package io.sluice.bench;
