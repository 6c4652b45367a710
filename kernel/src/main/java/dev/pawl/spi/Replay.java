package dev.pawl.spi;

import org.jspecify.annotations.Nullable;

/**
 * What came of executing a recorded run again with today's code and without any I/O.
 *
 * @param moments how many moments today's code came to as recorded, the beginning included
 * @param end how it ended, in a sentence: {@code It ended as recorded.}, {@code It waits for signal "approval".}
 * @param divergence the first difference; null if there is none
 */
public record Replay(int moments, String end, @Nullable Divergence divergence) {

    /** Whether today's code did what was recorded. */
    public boolean same() {
        return divergence == null;
    }
}
