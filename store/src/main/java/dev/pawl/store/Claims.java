package dev.pawl.store;

import dev.pawl.core.Priority;
import dev.pawl.core.QueueLimit;
import dev.pawl.core.Run;
import dev.pawl.core.RunId;
import dev.pawl.core.Task;
import dev.pawl.core.TaskKey;
import dev.pawl.core.TaskStatus;
import dev.pawl.spi.Tx.Claim;
import dev.pawl.spi.Tx.ClaimRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * One claim. Candidates are read without locks, then their runs are locked (those that others hold are passed over),
 * then the tasks are taken, each only if it is as it was when it was read. Locks are always taken in the order queue,
 * run, task.
 */
final class Claims {

    /** As the indexes have it; by key in the end, so that equal times have an order too. */
    static final Comparator<Task> ORDER = Comparator.<Task, Priority>comparing(
                    task -> task.placement().priority())
            .thenComparingLong(Task::wakeAt)
            .thenComparing(Task::key, JdbcTx.LOCK_ORDER);

    /** How often, and how much further each time, a claim looks past the tasks of locked runs before it waits. */
    private static final int LOOKS = 3;

    private static final int FURTHER = 4;

    private static final int SMALLEST_CAP = 4;

    private final Session session;
    private final ClaimRequest request;
    private final Turns turns;
    private final boolean fully;
    private final List<Claim> claims = new ArrayList<>();
    private final Set<TaskKey> claimed = new HashSet<>();
    private @Nullable RunId passedOver;

    Claims(Session session, ClaimRequest request, Turns turns) {
        this.session = session;
        this.request = request;
        this.turns = turns;
        this.fully = turns.looksFully(request.now());
    }

    /** A range of the index: the tasks in it are in the order of the claim. */
    record Source(String queue, int definition, int priority) {}

    List<Claim> claim() {
        if (request.limit() < 1
                || request.queues().isEmpty()
                || request.definitions().isEmpty()) return claims;
        List<QueueLimit> limited =
                session.call("queue.lock").set("queues", request.queues()).list(Rows::limit);
        pass(limited);
        if (claims.isEmpty() && passedOver != null) {
            // All that is due belongs to runs that others hold. Without waiting for one, a busy run would starve.
            session.batch("run.lock", List.of(passedOver)).ids("id", id -> id).list(row -> true);
            pass(limited);
        }
        return claims;
    }

    /** Queues with and without limits get half of what is free each, and what the others leave over. */
    private void pass(List<QueueLimit> limited) {
        if (limited.isEmpty()) {
            unlimited();
            return;
        }
        var withLimits = new LimitedClaims(this, limited, turns);
        int half = (request.limit() + ThreadLocalRandom.current().nextInt(2)) / 2;
        withLimits.claim(half);
        unlimited();
        withLimits.claim(free());
    }

    private void unlimited() {
        int window = free();
        for (int look = 0; look < LOOKS && free() > 0; look++, window *= FURTHER) {
            List<Task> due = due(window);
            take(due, free(), false);
            if (due.size() < window) return; // there is no more
        }
    }

    /** The first due tasks of all queues without limits, as if all sources were one. */
    private List<Task> due(int wanted) {
        var open = new ArrayList<Source>();
        for (Priority priority : Priority.values()) {
            for (String queue : request.queues()) {
                for (int definition : request.definitions()) {
                    open.add(new Source(queue, definition, Rows.level(priority)));
                }
            }
        }
        // A little from each source; then more from those whose last task still is among the first of all.
        int perSource = 2 * wanted * Priority.values().length / open.size();
        Map<Source, List<Task>> found = new HashMap<>();
        for (int cap = Math.max(SMALLEST_CAP, perSource); ; cap *= FURTHER) {
            int most = Math.min(cap, wanted);
            fetch(open, most, found);
            List<Task> first =
                    found.values().stream().flatMap(List::stream).sorted(ORDER).toList();
            @Nullable Task last = first.size() < wanted ? null : first.get(wanted - 1);
            open.removeIf(source -> {
                List<Task> tasks = found.getOrDefault(source, List.of());
                return tasks.size() < most || (last != null && ORDER.compare(tasks.getLast(), last) >= 0);
            });
            if (open.isEmpty() || most == wanted) return first.subList(0, Math.min(wanted, first.size()));
        }
    }

    private void fetch(List<Source> sources, int cap, Map<Source, List<Task>> into) {
        sources.forEach(into::remove);
        session.batch("claim.due", sources)
                .texts("queue", Source::queue)
                .ints("definition", Source::definition)
                .smalls("priority", Source::priority)
                .longs("due_from", source -> fully ? 0L : turns.dueFrom(source))
                .all("now", request.now())
                .all("cap", cap)
                .list(Rows::task)
                .forEach(task -> into.computeIfAbsent(source(task), source -> new ArrayList<>())
                        .add(task));
        for (Source source : sources) {
            List<Task> found = into.getOrDefault(source, List.of());
            turns.foundFrom(
                    source, found.isEmpty() ? request.now() : found.getFirst().wakeAt(), request.now(), fully);
        }
    }

    private static Source source(Task task) {
        return new Source(
                task.placement().queue(),
                task.definition(),
                Rows.level(task.placement().priority()));
    }

    /** Takes the first of these whose runs are free, and says how many. */
    int take(List<Task> candidates, int most, boolean limited) {
        if (candidates.isEmpty() || most < 1) return 0;
        List<RunId> runs =
                candidates.stream().map(task -> task.key().run()).distinct().toList();
        Map<RunId, Run> locked = new HashMap<>();
        session.batch("run.lock_free", runs)
                .ids("id", id -> id)
                .all("format", Rows.FORMAT)
                .all("most", most)
                .list(Rows::run)
                .forEach(run -> locked.put(run.id(), run));
        if (locked.size() < runs.size() && passedOver == null) {
            passedOver = runs.stream()
                    .filter(id -> !locked.containsKey(id))
                    .findFirst()
                    .orElseThrow();
        }
        List<Task> chosen = candidates.stream()
                .filter(task -> locked.containsKey(task.key().run()) && !claimed.contains(task.key()))
                .limit(most)
                .toList();
        boolean[] taken = JdbcTx.inLockOrder(
                chosen,
                Task::key,
                sorted -> session.batch("claim.take", sorted)
                        .ids("run_id", task -> task.key().run())
                        .texts("name", task -> task.key().name())
                        .ints("idx", task -> task.key().index())
                        .ints("attempt", Task::attempt)
                        .texts("status", task -> task.status().name())
                        .all("limited", limited ? 1 : 0)
                        .all("worker", request.worker())
                        .all("now", request.now())
                        .all("until", request.until())
                        .applied());
        int before = claims.size();
        for (int i = 0; i < taken.length; i++) {
            if (taken[i]) add(chosen.get(i), locked.get(chosen.get(i).key().run()));
        }
        return claims.size() - before;
    }

    private void add(Task was, @Nullable Run run) {
        if (run == null) throw new IllegalStateException("A task was claimed without its run: " + was.key());
        Integer lostBy = was.status() == TaskStatus.RUNNING ? was.worker() : null;
        var task = new Task(
                was.key(),
                TaskStatus.RUNNING,
                was.definition(),
                was.placement(),
                was.attempt() + 1,
                was.returned(),
                was.lost() + (was.status() == TaskStatus.RUNNING ? 1 : 0),
                was.stalls(),
                request.until(),
                false,
                request.worker());
        claims.add(new Claim(task, run, lostBy));
        claimed.add(was.key());
    }

    /** How many may still be claimed. */
    int free() {
        return request.limit() - claims.size();
    }

    /** Whether a candidate was claimed by this claim. */
    boolean has(Task candidate) {
        return claimed.contains(candidate.key());
    }

    Session session() {
        return session;
    }

    ClaimRequest request() {
        return request;
    }
}
