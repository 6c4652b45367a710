/**
 * Pipelines: producers that read from one system, and consumers that change another, where the worst thing is to do a change
 * twice and the second worst is to lose it.
 */
@NullMarked
package dev.pawl.pipeline;

import org.jspecify.annotations.NullMarked;
