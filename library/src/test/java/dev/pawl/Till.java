package dev.pawl;

import dev.pawl.core.Failure;
import dev.pawl.testkit.Crash;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A system outside that is changed: it knows what it was told to do under which key, how often, and how it was asked. It does
 * what it is told unless a test says otherwise.
 */
final class Till {

    /** How often something was done, by key. */
    final Map<String, Integer> done = new LinkedHashMap<>();

    /** What was done, by key. */
    final Map<String, String> receipts = new LinkedHashMap<>();

    /** The keys of all calls, whatever became of them. */
    final List<String> calls = new ArrayList<>();

    /** The keys that it was asked about. */
    final List<String> asked = new ArrayList<>();

    private final Deque<Mood> moods = new ArrayDeque<>();
    private int silences;

    /** What happens at a call. */
    record Mood(boolean does, @Nullable Throwable then) {}

    /** It happens, and the answer never comes. */
    static final Mood LOSES_THE_ANSWER = new Mood(true, new Failure.Timeout("no answer"));

    /** It does not happen, and there is no answer either. */
    static final Mood LOSES_THE_CALL = new Mood(false, new Failure.Timeout("no answer"));

    /** It certainly does not happen. */
    static final Mood REFUSES = new Mood(false, new Failure.Logic("no such account"));

    /** The caller dies in the middle, before it has happened. */
    static final Mood DIES_BEFORE = new Mood(false, new Crash("before it happened"));

    /** The caller dies in the middle, after it has happened. */
    static final Mood DIES_AFTER = new Mood(true, new Crash("after it happened"));

    static Mood fails(Throwable how) {
        return new Mood(false, how);
    }

    /** How the next calls go; those after them go well. */
    void is(Mood... next) {
        moods.addAll(Arrays.asList(next));
    }

    /** The next so many questions get no answer. */
    void keepsSilent(int questions) {
        silences = questions;
    }

    /** Does it. */
    String book(String what, String key) throws Exception {
        calls.add(key);
        var mood = moods.isEmpty() ? new Mood(true, null) : moods.removeFirst();
        if (mood.does()) {
            done.merge(key, 1, Integer::sum);
            receipts.put(key, "booked " + what);
        }
        fail(mood.then());
        return "booked " + what;
    }

    /** Says what has happened. */
    Optional<String> ask(String what, String key) {
        asked.add(key);
        if (silences > 0) {
            silences--;
            throw new Failure.RateLimited("ask later", Duration.ofHours(1)); // our own pauses count, not theirs
        }
        return Optional.ofNullable(receipts.get(key));
    }

    /** Throws what it is given, if it is given anything. */
    static void fail(@Nullable Throwable how) throws Exception {
        if (how instanceof Error error) throw error;
        if (how instanceof Exception exception) throw exception;
    }
}
