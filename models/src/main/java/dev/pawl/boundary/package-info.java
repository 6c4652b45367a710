/**
 * Finds in bytecode, when a program is registered, what would make a replay differ. Read {@code Boundary}, {@code Walk}
 * and {@code Bans}, in this order.
 */
@NullMarked
package dev.pawl.boundary;

import org.jspecify.annotations.NullMarked;
