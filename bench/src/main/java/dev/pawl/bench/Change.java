package dev.pawl.bench;

import dev.pawl.core.RunId;

/**
 * What happens to a run in one commit.
 *
 * @param ended 0 for its submission, n for the end of its nth step
 * @param steps how many steps it has
 */
record Change(RunId run, int ended, int steps) {

    static Change submission(RunId run, int steps) {
        return new Change(run, 0, steps);
    }

    Change next() {
        return new Change(run, ended + 1, steps);
    }

    boolean first() {
        return ended == 0;
    }

    boolean last() {
        return ended == steps;
    }
}
