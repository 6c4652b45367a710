/** Flows: typed graphs of steps without loops, with {@code map} to fan out over a list. */
@NullMarked
package dev.pawl.flow;

import org.jspecify.annotations.NullMarked;
