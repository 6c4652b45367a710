package dev.pawl;

import java.util.HashMap;
import java.util.Map;

/** Counts the bodies that run at the same time, outside of the engine: in all, and under each key. Thread-safe. */
final class Crowd {

    private final Map<String, Integer> nowOf = new HashMap<>();
    private final Map<String, Integer> mostOf = new HashMap<>();
    private final Map<String, Integer> doneOf = new HashMap<>();
    private int now;
    private int most;
    private int done;

    synchronized void enter(String key) {
        most = Math.max(most, ++now);
        mostOf.merge(key, nowOf.merge(key, 1, Integer::sum), Math::max);
    }

    synchronized void leave(String key) {
        now--;
        done++;
        nowOf.merge(key, -1, Integer::sum);
        doneOf.merge(key, 1, Integer::sum);
    }

    synchronized int now() {
        return now;
    }

    synchronized int most() {
        return most;
    }

    synchronized int mostOf(String key) {
        return mostOf.getOrDefault(key, 0);
    }

    synchronized int done() {
        return done;
    }

    synchronized int doneOf(String key) {
        return doneOf.getOrDefault(key, 0);
    }
}
