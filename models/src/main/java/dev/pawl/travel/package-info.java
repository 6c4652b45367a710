/**
 * Recorded runs, told without their code: as moments, as files, and side by side. What all models have in common; each
 * model says in its own package how its code is executed again.
 */
@NullMarked
package dev.pawl.travel;

import org.jspecify.annotations.NullMarked;
