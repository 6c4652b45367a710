package dev.pawl.flow;

import dev.pawl.core.Problem;

/**
 * An element of a tolerant map that failed.
 *
 * @param index 0-based place in the map's list
 * @param error why its last attempt failed
 */
public record ItemError(int index, Problem error) {}
