package dev.pawl.exec;

/**
 * The free slots of a worker. A running task holds one from its claim until its end is durable, so the slots bound
 * what a worker has in memory.
 *
 * <p>An eighth is kept back from claims and from wide fan-outs, so that a short run that comes along beside a big map
 * finds a free hand at once. And while tasks of others wait in the database, every fourth slot that becomes free goes to
 * a claim instead of to the next task of the same run, so that nobody starves. Thread-safe.
 */
final class Hands {

    private static final int FAIR_SHARE = 4;

    private final int slots;
    private final int reserve;
    private int free;
    private int passedOn;
    private boolean backlog;
    private boolean closed;

    Hands(int slots) {
        this.slots = slots;
        this.reserve = slots / 8;
        this.free = slots;
    }

    /** Takes as many slots as a claim by query may fill, at most {@code wanted}. */
    synchronized int takeForClaim(int wanted) {
        int taken = closed ? 0 : Math.max(0, Math.min(wanted, free - reserve));
        free -= taken;
        if (taken == 0) backlog = true; // somebody wanted to look and could not, so the next free slot has to
        return taken;
    }

    /** Takes slots for tasks that are ours already. */
    synchronized void takeForced(int count) {
        free -= count;
    }

    /**
     * Takes slots for tasks that a commit creates, on the promise that {@link #release} is told of the freed ones
     * afterwards.
     *
     * @param freed how many slots the endings of the same commit are about to give back
     * @param narrow how many of the new tasks are the only one of their step
     * @param wide how many of the new tasks come from a fan-out
     * @return how many of the new tasks, narrow ones first, may start at once
     */
    synchronized int takeForHandOver(int freed, int narrow, int wide) {
        if (closed) return 0;
        int wanted = narrow + wide;
        int passed = 0;
        for (int i = 0; i < Math.min(freed, wanted); i++) {
            if (!backlog || ++passedOn % FAIR_SHARE != 0) passed++;
        }
        int extra = 0;
        if (!backlog) {
            extra = Math.min(Math.max(0, narrow - passed), Math.max(0, free));
            if (passed + extra >= narrow) {
                extra += Math.min(wanted - passed - extra, Math.max(0, (free - extra - reserve) / 2));
            }
        }
        free -= passed + extra;
        return passed + extra;
    }

    synchronized void release(int count) {
        free += count;
    }

    /** Whether more is due in the database than the last claim could take. */
    synchronized void backlog(boolean now) {
        backlog = now;
    }

    synchronized boolean backlog() {
        return backlog;
    }

    /** From now on nothing is taken any more. */
    synchronized void close() {
        closed = true;
    }

    synchronized boolean idle() {
        return free == slots;
    }

    synchronized int claimable() {
        return closed ? 0 : Math.max(0, free - reserve);
    }
}
