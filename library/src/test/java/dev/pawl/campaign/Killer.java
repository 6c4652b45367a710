package dev.pawl.campaign;

import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;

/** Chooses who is hit, and when, from a seed; and keeps as many workers alive as there were. */
final class Killer {

    /** How long it waits between two kills, in milliseconds. */
    private static final int SHORTEST_WAIT = 200;

    private static final int LONGEST_WAIT = 2_500;

    /** One kill in so many takes another worker along, and one in so many all of them. */
    private static final int A_PAIR = 5;

    private static final int ALL = 12;

    private final Workers workers;
    private final int size;
    private final SplittableRandom random;
    private int hits;

    /** @param size how many workers to keep alive */
    Killer(Workers workers, int size, long seed) {
        this.workers = workers;
        this.size = size;
        this.random = new SplittableRandom(seed);
    }

    /** Starts what is missing. */
    void fill() throws IOException {
        while (workers.alive().size() < size) workers.start();
    }

    /** How many workers were killed or stopped. */
    int hits() {
        return hits;
    }

    /** Kills at random for a while. */
    void kill(Countdown time) throws IOException, InterruptedException {
        while (time.pause(random.nextInt(SHORTEST_WAIT, LONGEST_WAIT))) {
            int many = random.nextInt(ALL) == 0 ? size : random.nextInt(A_PAIR) == 0 ? 2 : 1;
            for (int i = 0; i < many; i++, hits++) workers.kill(any(workers.alive()));
            fill();
        }
    }

    /**
     * Lets single workers stand still for a while.
     *
     * @param least how long at least, in milliseconds; the longest is twice as long
     */
    void stop(Countdown time, int least) throws IOException, InterruptedException {
        while (time.left() > least && time.pause(random.nextInt(SHORTEST_WAIT))) {
            var running = workers.alive();
            var first = any(running);
            var second = any(running);
            workers.stop(first);
            if (second != first) workers.stop(second);
            hits += second == first ? 1 : 2;
            time.pause(random.nextInt(least, 2 * least));
            workers.resume(first);
            if (second != first) workers.resume(second);
            time.pause(random.nextInt(SHORTEST_WAIT, LONGEST_WAIT));
        }
    }

    private Workers.Worker any(List<Workers.Worker> of) {
        return of.get(random.nextInt(of.size()));
    }
}
