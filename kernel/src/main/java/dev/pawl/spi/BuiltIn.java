package dev.pawl.spi;

import java.util.Collection;

/**
 * Programs that every Pawl has without being given them, found with {@link java.util.ServiceLoader}. They are not among
 * those that people list, and a process that was given no program has none of these either.
 */
public interface BuiltIn {

    /**
     * The programs beside those that a Pawl was given.
     *
     * @param given programs of different names, whose runs this process can work on
     */
    Collection<Program> beside(Collection<Program> given);
}
