package dev.pawl.testkit;

import dev.pawl.core.Json;
import dev.pawl.core.Payload;
import dev.pawl.core.Placement;
import dev.pawl.core.Run;
import dev.pawl.core.RunId;
import dev.pawl.core.RunIds;
import dev.pawl.core.RunStatus;
import dev.pawl.core.Task;
import dev.pawl.core.TaskKey;
import dev.pawl.core.TaskStatus;
import dev.pawl.spi.Store;
import dev.pawl.spi.Tx;
import dev.pawl.spi.Tx.Claim;
import dev.pawl.spi.Tx.ClaimRequest;
import dev.pawl.spi.Tx.Lease;
import dev.pawl.spi.Tx.NewRun;
import dev.pawl.spi.Tx.TaskEnd;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Fills a store with runs and tasks, and works on them by hand, without an engine. */
public final class Seed {

    /** The time at which seeded tasks are due, in epoch milliseconds. */
    public static final long NOW = 1_000_000;

    /** How long claims of {@link #claim} last, in milliseconds. */
    public static final long LEASE = 30_000;

    /** The step that seeded tasks belong to. */
    public static final String STEP = "work";

    /** The program of seeded runs. */
    public static final String PROGRAM = "flow:seed";

    private static final AtomicLong SEEDS = new AtomicLong();

    private final Store store;
    private final RunIds ids;
    private final int definition;
    private final int worker;

    /** Registers a definition and a worker. */
    public Seed(Store store) {
        this.store = store;
        this.ids = new RunIds(() -> NOW, new SplittableRandom(SEEDS.incrementAndGet()));
        this.definition =
                store.write(tx -> tx.define(PROGRAM, "1", Json.NULL, NOW)).id();
        this.worker = store.write(tx -> tx.insertWorker("here", List.of(), List.of(), 1, NOW));
    }

    public Store store() {
        return store;
    }

    /** The definition of seeded runs. */
    public int definition() {
        return definition;
    }

    /** The worker that {@link #claim} claims for. */
    public int worker() {
        return worker;
    }

    /** An id that was not used yet; later ones are greater. */
    public RunId id() {
        return ids.next();
    }

    /** A run as it is when it was just submitted, not yet stored. */
    public NewRun newRun(RunId id, Placement placement, @Nullable String key) {
        var run = new Run(id, definition, RunStatus.QUEUED, null, placement, new Json("{}"), 0, null, null);
        return new NewRun(
                run, PROGRAM, key, Payload.inline(new Json("1")), null, null, NOW, null, null, null, null, false, null);
    }

    /** A waiting task {@code work[index]}, not yet stored. */
    public Task newTask(RunId run, int index, Placement placement, long wakeAt) {
        var key = new TaskKey(run, STEP, index);
        return new Task(key, TaskStatus.READY, definition, placement, 0, 0, wakeAt, false, null);
    }

    /** Stores a run with so many due tasks. */
    public RunId run(Placement placement, int tasks) {
        RunId id = id();
        store.write(tx -> {
            tx.insertRuns(List.of(newRun(id, placement, null)));
            var due = new ArrayList<Task>();
            for (int i = 0; i < tasks; i++) due.add(newTask(id, i, placement, NOW));
            tx.insertTasks(due, NOW);
            return id;
        });
        return id;
    }

    /** Stores so many runs with one due task each. */
    public List<RunId> runs(Placement placement, int count) {
        var runs = new ArrayList<NewRun>();
        var tasks = new ArrayList<Task>();
        for (int i = 0; i < count; i++) {
            RunId id = id();
            runs.add(newRun(id, placement, null));
            tasks.add(newTask(id, 0, placement, NOW));
        }
        store.write(tx -> {
            tx.insertRuns(runs);
            tx.insertTasks(tasks, NOW);
            return true;
        });
        return runs.stream().map(run -> run.run().id()).toList();
    }

    /** What a worker would ask for. */
    public ClaimRequest request(String queue, int limit, long now) {
        return new ClaimRequest(worker, List.of(definition), List.of(queue), limit, now, now + LEASE);
    }

    /** Claims at {@link #NOW}. */
    public List<Claim> claim(String queue, int limit) {
        return claim(queue, limit, NOW);
    }

    public List<Claim> claim(String queue, int limit, long now) {
        return store.write(tx -> tx.claim(request(queue, limit, now)));
    }

    /** An ending of a claimed task. */
    public static TaskEnd end(Claim claim, TaskStatus to) {
        return end(new Lease(claim.task().key(), claim.task().attempt()), to);
    }

    /** An ending of a lease; a success has the output {@code 1}. */
    public static TaskEnd end(Lease lease, TaskStatus to) {
        Payload output = to == TaskStatus.SUCCEEDED ? Payload.inline(new Json("1")) : null;
        return new TaskEnd(lease, to, NOW, false, Tx.How.SPENT, false, output, null, NOW);
    }

    /** Ends claimed tasks as succeeded, each in the way an engine does: with its run locked. */
    public boolean[] succeed(List<Claim> claims) {
        return store.write(tx -> {
            tx.lock(claims.stream().map(claim -> claim.run().id()).toList());
            return tx.end(claims.stream()
                    .map(claim -> end(claim, TaskStatus.SUCCEEDED))
                    .toList());
        });
    }
}
