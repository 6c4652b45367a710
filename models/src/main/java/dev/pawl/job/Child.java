package dev.pawl.job;

import dev.pawl.core.RunId;
import dev.pawl.spi.TypedProgram;

/**
 * A run that a job started.
 *
 * @param <T> what it gives back
 */
public record Child<T>(RunId run, TypedProgram<?, T> program) implements Branch<T> {}
