/**
 * Jobs: ordinary code that survives crashes, deploys and weeks of waiting. What a job asks of the outside is recorded in
 * its journal; after a crash or a wait the code runs again from the top and gets the recorded answers. Read {@code Job},
 * {@code JobContext} and {@code Tape}, in this order.
 */
@NullMarked
package dev.pawl.job;

import org.jspecify.annotations.NullMarked;
