package dev.pawl.spi;

import dev.pawl.core.Run;
import dev.pawl.core.TaskKey;

/**
 * A task in the hands of a worker.
 *
 * @param run its run as it was when the task was claimed
 * @param attempt the fence of this attempt
 * @param outputs what the run was given and what its other tasks produced
 */
public record Claimed(Run run, TaskKey key, int attempt, Outputs outputs) {}
