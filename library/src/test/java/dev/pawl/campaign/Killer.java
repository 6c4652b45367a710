package dev.pawl.campaign;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
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

    /** One in so many is asked to end instead. */
    private static final int POLITE = 3;

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
            for (int i = 0; i < many; i++, hits++) {
                if (many == 1 && random.nextInt(POLITE) == 0) workers.terminate(any(workers.alive()));
                else workers.kill(any(workers.alive()));
            }
            fill();
        }
    }

    /**
     * Lets workers stand still at random for a while, all but one of them at most; in the end all go on.
     *
     * @param least how long at least, in milliseconds; the longest is half as much longer
     */
    void stop(Countdown time, int least) throws IOException, InterruptedException {
        var stopped = new ArrayDeque<Stop>();
        while (time.pause(random.nextInt(SHORTEST_WAIT, LONGEST_WAIT) / 2)) {
            while (!stopped.isEmpty() && stopped.peek().left() <= 0) workers.resume(stopped.poll().worker);
            var running = workers.alive().stream()
                    .filter(worker -> stopped.stream().noneMatch(stop -> stop.worker.equals(worker)))
                    .toList();
            if (running.size() < 2) continue;
            var victim = any(running);
            workers.stop(victim);
            stopped.add(new Stop(victim, new Countdown(Duration.ofMillis(random.nextInt(least, least + least / 2)))));
            hits++;
        }
        for (Stop stop : stopped) {
            stop.time.rest();
            workers.resume(stop.worker);
        }
    }

    private record Stop(Workers.Worker worker, Countdown time) {
        long left() {
            return time.left();
        }
    }

    private Workers.Worker any(List<Workers.Worker> of) {
        return of.get(random.nextInt(of.size()));
    }
}
