package dev.pawl.store;

/**
 * The hope of one transaction that nobody has inserted what only it should insert. Then it need not look whether somebody
 * has, and fails if somebody has all the same: two processes with one lease, a commit that happened although its reply
 * was lost. It is tried again without hope.
 */
final class Hope {

    private final boolean any;
    private boolean used;

    /** @param any whether there is any */
    Hope(boolean any) {
        this.any = any;
    }

    /** Without a chance to try again. */
    static Hope none() {
        return new Hope(false);
    }

    /** Whether to insert without a look. */
    boolean use() {
        used |= any;
        return any;
    }

    /** Whether something was inserted without a look. */
    boolean used() {
        return used;
    }
}
