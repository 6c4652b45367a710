/**
 * Code that runs along a journal: what it asks is answered from the journal where something is recorded, and done and
 * recorded where nothing is. The mechanism below {@link dev.pawl.io.Io}, for the models; not for users. Read {@code Tape},
 * {@code LiveIo} and {@code Steps}, in this order.
 */
@NullMarked
package dev.pawl.tape;

import org.jspecify.annotations.NullMarked;
