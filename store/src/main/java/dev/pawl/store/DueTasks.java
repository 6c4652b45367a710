package dev.pawl.store;

import dev.pawl.core.Priority;
import dev.pawl.core.QueueLimit;
import dev.pawl.core.Task;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The tasks that are due, the oldest of each source, read with the statements of a claim: what they find is what a worker
 * would find.
 */
final class DueTasks {

    /** How many tasks of one source are read, the oldest first. */
    private static final int CAP = 500;

    /** Of how many keys of a queue with limits. */
    private static final int KEYS = 200;

    private static final int SMALLEST_CAP = 5;

    private final Session session;
    private final long now;
    private final List<Integer> definitions;
    private final List<Claims.Source> sources;
    private final List<String> limitedQueues;
    private final Map<Place, List<Task>> byPlace = new TreeMap<>();
    private final Set<Place> cutPlaces = new HashSet<>();
    private final Set<String> cutQueues = new HashSet<>();
    private long oldestCut = Long.MAX_VALUE;

    /** Who must take a task: a worker that serves this queue and has this program. */
    record Place(String queue, int definition) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            int byQueue = queue.compareTo(other.queue);
            return byQueue != 0 ? byQueue : Integer.compare(definition, other.definition);
        }

        static Place of(Task task) {
            return new Place(task.placement().queue(), task.definition());
        }
    }

    /** @param definitions the numbers of all definitions there are */
    DueTasks(Session session, long now, List<Integer> definitions) {
        this.session = session;
        this.now = now;
        this.definitions = definitions;
        this.sources = session.call("health.sources")
                .list(row ->
                        new Claims.Source(row.getString("queue"), row.getInt("definition"), row.getInt("priority")));
        this.limitedQueues = session.call("queue.list").list(Rows::limit).stream()
                .map(QueueLimit::queue)
                .toList();
        if (definitions.isEmpty()) return; // and so no tasks
        unlimited();
        limitedQueues.forEach(this::limited);
        byPlace.values().forEach(tasks -> tasks.sort(Comparator.comparingLong(Task::wakeAt)));
    }

    private void unlimited() {
        List<Task> tasks = session.batch("claim.due", sources)
                .texts("queue", Claims.Source::queue)
                .ints("definition", Claims.Source::definition)
                .smalls("priority", Claims.Source::priority)
                .longs("due_from", source -> 0L)
                .all("now", now)
                .all("cap", CAP)
                .list(Rows::task);
        cut(tasks, task -> List.of(Place.of(task), task.placement().priority()), CAP)
                .forEach(task -> cutPlaces.add(Place.of(task)));
    }

    private void limited(String queue) {
        List<String> keys = session.call("claim.keys")
                .set("queue", queue)
                .set("from", "")
                .set("now", now)
                .set("definitions", definitions)
                .set("limit", KEYS)
                .list(row -> row.getString("limit_key"));
        record OfKey(String key, Priority priority) {}
        var ofKeys = new ArrayList<OfKey>();
        for (String key : keys) {
            for (Priority priority : Priority.values()) ofKeys.add(new OfKey(key, priority));
        }
        int cap = Math.max(SMALLEST_CAP, CAP / Math.max(1, keys.size()));
        List<Task> waiting = session.batch("claim.due_of_key", ofKeys)
                .texts("limit_key", OfKey::key)
                .smalls("priority", source -> Rows.level(source.priority()))
                .all("queue", queue)
                .all("now", now)
                .all("definitions", definitions)
                .all("cap", cap)
                .list(Rows::task);
        List<Task> expired = session.call("claim.expired")
                .set("queue", queue)
                .set("now", now)
                .set("definitions", definitions)
                .set("cap", CAP)
                .list(Rows::task);
        boolean waitingCut = !cut(
                        waiting,
                        task -> List.of(task.placement().key(), task.placement().priority()),
                        cap)
                .isEmpty();
        boolean expiredCut = !cut(expired, task -> queue, CAP).isEmpty();
        if (keys.size() == KEYS) oldestCut = 0; // nobody knows what the other keys have
        if (waitingCut || expiredCut || keys.size() == KEYS) cutQueues.add(queue);
    }

    /**
     * Keeps these, and says at which of them the reading of its source was cut off.
     *
     * @param source what was read for itself
     * @param cap how many are read of one source
     */
    private List<Task> cut(List<Task> tasks, Function<Task, Object> source, int cap) {
        var counts = new HashMap<Object, Integer>();
        var last = new ArrayList<Task>();
        for (Task task : tasks) {
            byPlace.computeIfAbsent(Place.of(task), first -> new ArrayList<>()).add(task);
            if (counts.merge(source.apply(task), 1, Integer::sum) < cap) continue;
            last.add(task);
            oldestCut = Math.min(oldestCut, task.wakeAt());
        }
        return last;
    }

    /** Where there are open tasks, in queues without limits. */
    List<Claims.Source> sources() {
        return sources;
    }

    List<String> limitedQueues() {
        return limitedQueues;
    }

    List<Task> all() {
        return byPlace.values().stream().flatMap(Collection::stream).toList();
    }

    /** Only places with due tasks; for each the oldest first. */
    Map<Place, List<Task>> byPlace() {
        return byPlace;
    }

    /** Whether there may be more in a place. */
    boolean cut(Place place) {
        return cutPlaces.contains(place) || cutQueues.contains(place.queue());
    }

    /** Whether there may be more that were due at this time already. */
    boolean cutBefore(long time) {
        return oldestCut <= time;
    }
}
