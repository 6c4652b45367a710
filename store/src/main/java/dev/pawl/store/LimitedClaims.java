package dev.pawl.store;

import dev.pawl.core.Priority;
import dev.pawl.core.QueueLimit;
import dev.pawl.core.Task;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * Claims from queues with limits. The queues' rows are locked, so the number of running tasks can only fall until the
 * commit, and what is admitted here never exceeds a limit. Keys take turns; nobody's work (the empty key) takes its turn
 * too, but no limit per key applies to it.
 */
final class LimitedClaims {

    private static final int PAGE = 64;
    private static final int PAGES = 16;
    private static final int ROUNDS = 8;
    private static final int MORE = 4;

    private final Claims claims;
    private final List<QueueLimit> limits;
    private final Turns turns;

    LimitedClaims(Claims claims, List<QueueLimit> limits, Turns turns) {
        this.claims = claims;
        this.limits = limits;
        this.turns = turns;
    }

    /** A range of the index: the waiting tasks of one key and one priority, in the order of the claim. */
    private record Source(String key, int priority) {}

    /** How much of a queue runs, and how much more may. */
    private final class Load {
        private final QueueLimit limit;
        private final Map<String, Integer> running = new HashMap<>();

        Load(QueueLimit limit) {
            this.limit = limit;
            if (limit.maxRunning() != null) count(claims.session().call("queue.running"));
        }

        /** To be called before anything is asked about these keys. */
        void know(List<String> keys) {
            if (limit.maxRunning() != null || limit.maxPerKey() == null) return;
            List<String> unknown =
                    keys.stream().filter(key -> !running.containsKey(key)).toList();
            if (unknown.isEmpty()) return;
            count(claims.session().call("queue.running_of").set("keys", unknown));
            unknown.forEach(key -> running.putIfAbsent(key, 0));
        }

        private void count(Session.Call call) {
            call.set("queue", limit.queue()).list(row -> running.put(row.getString("limit_key"), row.getInt("tasks")));
        }

        int free(int wanted) {
            Integer most = limit.maxRunning();
            if (most == null) return wanted;
            int all = running.values().stream().mapToInt(Integer::intValue).sum();
            return Math.min(wanted, most - all);
        }

        int freeOf(String key) {
            Integer most = key.isEmpty() ? null : limit.maxPerKey();
            return most == null ? Integer.MAX_VALUE : most - running.getOrDefault(key, 0);
        }

        void add(String key) {
            running.merge(key, 1, Integer::sum);
        }
    }

    /** Claims at most so many. */
    void claim(int most) {
        int until = claims.free() - most;
        for (QueueLimit limit : limits) {
            claim(limit, claims.free() - until);
        }
    }

    private void claim(QueueLimit limit, int most) {
        if (most < 1) return;
        int left = most - claims.take(expired(limit.queue(), most), most, true);
        var load = new Load(limit);
        int cap = 0;
        for (int round = 0; round < ROUNDS && load.free(left) > 0; round++) {
            int free = load.free(left);
            SequencedSet<String> keys = keys(load, free);
            if (keys.isEmpty()) return;
            cap = Math.min(free, Math.max(cap * MORE, (free + keys.size() - 1) / keys.size()));
            List<Task> chosen = choose(load, keys, free, cap);
            int taken = claims.take(chosen, free, true);
            for (Task task : chosen) {
                if (!claims.has(task)) continue;
                load.add(task.placement().key());
                turns.served(limit.queue(), task.placement().key());
            }
            left -= taken;
            if (taken == 0) return;
        }
    }

    /** Leases that ran out. They count as running already, so whoever takes them adds nothing. */
    private List<Task> expired(String queue, int most) {
        return claims.session()
                .call("claim.expired")
                .set("queue", queue)
                .set("now", claims.request().now())
                .set("definitions", claims.request().definitions())
                .set("cap", most)
                .list(Rows::task);
    }

    /**
     * Who is next: by priority, then one of each key in turn, then by time. Stops where a key may have more of a
     * priority than was read; the next round reads more.
     */
    private List<Task> choose(Load load, SequencedSet<String> keys, int free, int cap) {
        Map<Source, Deque<Task>> waiting = waiting(load, keys, cap);
        var chosen = new ArrayList<Task>();
        var taken = new HashMap<String, Integer>();
        boolean cut = false;
        for (Priority priority : Priority.values()) {
            for (boolean more = true; more; ) {
                more = false;
                for (String key : keys) {
                    @Nullable Deque<Task> tasks = waiting.get(new Source(key, Rows.level(priority)));
                    if (tasks == null || tasks.isEmpty()) continue;
                    if (taken.getOrDefault(key, 0) >= load.freeOf(key)) continue;
                    if (chosen.size() == free) return chosen;
                    chosen.add(tasks.removeFirst());
                    int ofKey = taken.merge(key, 1, Integer::sum);
                    more = true;
                    if (tasks.isEmpty() && ofKey >= cap) cut = true;
                }
            }
            if (cut) return chosen;
        }
        return chosen;
    }

    private Map<Source, Deque<Task>> waiting(Load load, SequencedSet<String> keys, int cap) {
        var sources = new ArrayList<Source>();
        for (String key : keys) {
            for (Priority priority : Priority.values()) sources.add(new Source(key, Rows.level(priority)));
        }
        var waiting = new HashMap<Source, Deque<Task>>();
        claims.session()
                .batch("claim.due_of_key", sources)
                .texts("limit_key", Source::key)
                .smalls("priority", Source::priority)
                .all("queue", load.limit.queue())
                .all("now", claims.request().now())
                .all("definitions", claims.request().definitions())
                .all("cap", cap)
                .list(Rows::task)
                .forEach(task -> waiting.computeIfAbsent(
                                new Source(
                                        task.placement().key(),
                                        Rows.level(task.placement().priority())),
                                source -> new ArrayDeque<>())
                        .add(task));
        return waiting;
    }

    /** Keys with due work and room, beginning after the one that was served last; that one comes last. */
    private SequencedSet<String> keys(Load load, int wanted) {
        String last = turns.servedLast(load.limit.queue());
        String from = last;
        boolean again = last.isEmpty();
        var seen = new LinkedHashSet<String>();
        var keys = new LinkedHashSet<String>();
        for (int page = 0; page < PAGES && keys.size() < wanted; page++) {
            List<String> found = page(load.limit.queue(), from);
            load.know(found);
            for (String key : found) {
                if (seen.add(key) && !key.equals(last) && load.freeOf(key) > 0) keys.add(key);
            }
            if (found.size() == PAGE) {
                from = found.getLast();
            } else if (again) {
                break;
            } else {
                again = true;
                from = "";
            }
        }
        if (seen.contains(last) && load.freeOf(last) > 0) keys.add(last);
        return keys;
    }

    private List<String> page(String queue, String from) {
        return claims.session()
                .call("claim.keys")
                .set("queue", queue)
                .set("from", from)
                .set("now", claims.request().now())
                .set("definitions", claims.request().definitions())
                .set("limit", PAGE)
                .list(row -> row.getString("limit_key"));
    }
}
