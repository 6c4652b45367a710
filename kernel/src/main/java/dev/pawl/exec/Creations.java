package dev.pawl.exec;

import dev.pawl.core.Payload;
import dev.pawl.core.Placement;
import dev.pawl.core.Plan;
import dev.pawl.core.RunId;
import dev.pawl.core.Task;
import dev.pawl.core.TaskKey;
import dev.pawl.core.TaskStatus;
import dev.pawl.spi.Tx;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The tasks that come into being in one run in one transaction: new ones, and what is taken over from an earlier run. */
final class Creations {

    private final Tx tx;
    private final RunId run;
    private int definition;
    private final Placement placement;
    private final @Nullable RunId earlier;
    private final long notBefore;

    private final List<Task> created = new ArrayList<>();
    private final Map<String, BitSet> there = new HashMap<>();
    private final List<Tx.Provided> provided = new ArrayList<>();
    private final Set<TaskKey> journals = new HashSet<>();
    private final Map<TaskKey, Plan.Await> waits = new HashMap<>();

    /**
     * @param earlier the run that this one retries, restarts or forks, or null
     * @param notBefore before this time no task is due, in epoch milliseconds
     */
    Creations(Tx tx, RunId run, int definition, Placement placement, @Nullable RunId earlier, long notBefore) {
        this.tx = tx;
        this.run = run;
        this.definition = definition;
        this.placement = placement;
        this.earlier = earlier;
        this.notBefore = notBefore;
    }

    /** Those not yet written. */
    List<Task> created() {
        return created;
    }

    /** Those that come with their output. */
    List<Tx.Provided> provided() {
        return provided;
    }

    void create(Plan.Create create, long now, boolean held) {
        long due = Math.max(notBefore, now + create.delay().toMillis());
        var place = create.queue() == null ? placement : placement.in(create.queue());
        if (create.priority() != null) place = place.with(create.priority());
        var known = there.getOrDefault(create.name(), new BitSet(0));
        for (int index = known.nextClearBit(create.from());
                index < create.to();
                index = known.nextClearBit(index + 1)) {
            create(create.name(), index, due, place, held);
        }
    }

    /** A task that waits for messages; when it is due is known when all of this transaction's are there. */
    void await(Plan.Await wait, boolean held) {
        var key = new TaskKey(run, wait.name(), wait.index());
        var place = wait.priority() == null ? placement : placement.with(wait.priority());
        int given = journals.contains(key) ? 1 : 0;
        waits.put(key, wait);
        created.add(new Task(
                key,
                TaskStatus.READY,
                definition,
                place,
                given,
                given,
                0,
                0,
                Math.max(notBefore, wait.until()),
                held,
                null,
                listens(wait.topics())));
    }

    /** What those wait for that wait for messages, in their order. */
    List<Tx.Listening> listening() {
        return created.stream()
                .map(task -> waits.get(task.key()))
                .filter(wait -> wait != null && !wait.topics().isEmpty())
                .map(wait -> new Tx.Listening(run, wait.topics(), wait.after()))
                .toList();
    }

    /**
     * Those whose message is there already are due.
     *
     * @param since when the oldest message of each of {@link #listening} came
     */
    void pendingSince(List<Long> since, long now) {
        var each = since.iterator();
        created.replaceAll(task -> {
            var wait = waits.get(task.key());
            if (wait == null || wait.topics().isEmpty()) return task;
            long oldest = each.next();
            return oldest == Long.MAX_VALUE ? task : task.due(Math.min(now, Math.max(oldest, earliest(task, now))));
        });
    }

    /**
     * Whose message waits longest goes first. Only a queue whose keys take turns is looked at from its beginning by every
     * claim; in others a task that was due long ago would be found late.
     */
    private static long earliest(Task task, long now) {
        return task.placement().key().isEmpty() ? now - RECENT_MILLIS : Long.MIN_VALUE;
    }

    private static final long RECENT_MILLIS = 1_000;

    /** As it is stored with a task; see {@link Task#listens}. */
    private static String listens(List<String> topics) {
        return '\n' + String.join("\n", topics) + '\n';
    }

    /** A task that is to be created begins with the journal of another of this run. */
    void inherit(Plan.Inherit journal) {
        var to = new TaskKey(run, journal.name(), journal.to());
        tx.copyEffects(new TaskKey(run, journal.name(), journal.from()), to, Integer.MAX_VALUE, true);
        journals.add(to);
    }

    /** What comes into being belongs to another definition, also what did so before in this very transaction. */
    void migrate(int to) {
        definition = to;
        created.replaceAll(task -> task.of(to));
    }

    /** Those of one name are due. */
    void wake(String name, long now) {
        created.replaceAll(task ->
                task.key().name().equals(name) && task.wakeAt() > now ? task.due(Math.max(notBefore, now)) : task);
    }

    /** A task that the kernel wants. */
    void create(String name, int index, long due, boolean held) {
        create(name, index, due, placement, held);
    }

    private void create(String name, int index, long due, Placement place, boolean held) {
        var key = new TaskKey(run, name, index);
        // A task that begins with a copied journal is in its second attempt, so that it looks for one.
        int given = journals.contains(key) ? 1 : 0;
        created.add(new Task(key, TaskStatus.READY, definition, place, given, given, due, held, null));
    }

    void copy(String name) {
        there.put(name, tx.copyTasks(earlier(), run, name, definition));
    }

    void copyJournal(Plan.CopyJournal copy) {
        var target = new TaskKey(run, copy.name(), copy.to());
        tx.copyEffects(new TaskKey(earlier(), copy.name(), copy.from()), target, copy.below(), false);
        journals.add(target);
    }

    private RunId earlier() {
        if (earlier == null) throw new IllegalStateException("Run " + run + " comes from no other run.");
        return earlier;
    }

    void provide(String name, int index, Payload output) {
        there.computeIfAbsent(name, step -> new BitSet()).set(index);
        provided.add(new Tx.Provided(new TaskKey(run, name, index), definition, placement, output));
    }

    /** Holds or releases all of them. */
    void hold(boolean held, @Nullable String except) {
        created.replaceAll(task -> task.key().name().equals(except) ? task : task.hold(held));
    }

    /** Those of a step do not come into being after all; of all steps if it is null. */
    void drop(@Nullable String name) {
        created.removeIf(task -> name == null || task.key().name().equals(name));
    }
}
