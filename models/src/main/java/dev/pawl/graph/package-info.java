/**
 * Graphs: nodes that turn a state into the next one, and edges that say where to go on; every step recorded, hashed and
 * chained to the one before. Read {@code Graph}, {@code Turn} and {@code Rules}, in this order.
 */
@NullMarked
package dev.pawl.graph;

import org.jspecify.annotations.NullMarked;
