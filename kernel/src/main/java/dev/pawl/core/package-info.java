/** The words of Pawl as values: runs, tasks, events, plans, failures. No I/O, no threads. */
@NullMarked
package dev.pawl.core;

import org.jspecify.annotations.NullMarked;
