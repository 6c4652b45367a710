/** Schedules: when runs of any program start by themselves. Pure: no I/O and no clock; times come in as arguments. */
@NullMarked
package dev.pawl.schedule;

import org.jspecify.annotations.NullMarked;
