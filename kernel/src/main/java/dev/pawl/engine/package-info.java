/** The front door: {@link dev.pawl.engine.Pawl}. */
@NullMarked
package dev.pawl.engine;

import org.jspecify.annotations.NullMarked;
