package dev.pawl.exec;

import dev.pawl.core.Json;
import dev.pawl.core.Payload;
import dev.pawl.core.RunId;
import dev.pawl.core.TaskKey;
import dev.pawl.spi.Program;
import dev.pawl.spi.Store;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the parts together: lanes that commit, a worker that runs tasks, and what happens now and then. */
public final class Engine implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Engine.class);
    private static final long CACHED_CHARACTERS = 32 << 20;
    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(5);
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration PRUNE = Duration.ofMinutes(10);
    private static final int PRUNE_BATCH = 200;

    /** Rows of runs that go on for ever. */
    private static final int TRIM_BATCH = 5_000;

    private static final Duration WORKERS_KEPT = Duration.ofDays(7);

    private final Store store;
    private final DatabaseClock clock;
    private final Payloads payloads;
    private final OutputCache cache = new OutputCache(CACHED_CHARACTERS);
    private final Timer timer = new Timer();
    private final Lanes lanes;
    private final @Nullable Worker worker;
    private final AutoCloseable listening;

    /**
     * @param retention how long finished runs are kept; null not to prune
     * @param programs the code at hand, by the number of its stored definition
     * @param births makes the submissions of runs that runs start
     * @param onEnded is told of every run that ends here
     * @param policies decides what may happen; null if everything may
     * @param look is called now and then, and when the bell of another process rings, to look for runs that ended elsewhere
     */
    public Engine(
            Store store,
            DatabaseClock clock,
            Payloads payloads,
            WorkerSettings wanted,
            Classifier classifier,
            @Nullable Duration retention,
            Map<Integer, Program> programs,
            Surroundings.Births births,
            BiConsumer<RunId, Writer.Ended> onEnded,
            Runnable look,
            @Nullable Policies policies) {
        this.store = store;
        this.clock = clock;
        this.payloads = payloads;
        var after = new Writer.AfterCommit() {
            @Override
            public void ended(RunId run, Writer.Ended how) {
                onEnded.accept(run, how);
            }

            @Override
            public void cancelled(List<TaskKey> tasks) {
                if (worker != null) worker.cancelled(tasks);
            }

            @Override
            public void held(Set<RunId> runs) {
                if (worker != null) worker.held(runs);
            }

            @Override
            public void succeeded(TaskKey task, Payload output) {
                cache.keep(task, output);
            }

            @Override
            public void waiting(long dueAt) {
                if (worker != null) worker.ringAt(dueAt);
                store.ring();
            }
        };
        var settings = wanted.serving(programs.values());
        // A worker without code has nothing to claim.
        boolean works = settings.slots() > 0 && !programs.isEmpty();
        var random = new SplittableRandom(new SecureRandom().nextLong());
        var runner = new TaskRunner(store, payloads, cache, classifier, random);
        var around = new Surroundings(store, clock, payloads, classifier, this::commit, births, policies);
        this.worker =
                works ? new Worker(register(settings, programs), around, settings, programs, runner, timer) : null;
        this.lanes = new Lanes(new Writer(store, clock, worker == null ? HandOver.NONE : worker, after), store.lanes());
        this.listening = store.listen(() -> {
            if (worker != null) worker.ring();
            look.run();
        });
        timer.every(LOOK.toMillis(), look);
        timer.every(SIGN_OF_LIFE.toMillis(), this::signOfLife);
        if (retention != null && works) timer.every(PRUNE.toMillis(), () -> prune(retention));
        if (worker != null) worker.start();
    }

    /** A worker that comes forgets those that left long ago, so that there are never many. */
    private int register(WorkerSettings settings, Map<Integer, Program> programs) {
        int forgotten = store.write(tx -> tx.forgetWorkers(clock.now() - WORKERS_KEPT.toMillis()));
        if (forgotten > 0) log.debug("Forgot {} workers of long ago", forgotten);
        return store.write(tx -> tx.insertWorker(
                host(), settings.queues(), List.copyOf(programs.keySet()), settings.slots(), clock.now()));
    }

    private static String host() {
        String name;
        try {
            name = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException unnamed) {
            name = "localhost";
        }
        return name + ":" + ProcessHandle.current().pid();
    }

    private void signOfLife() {
        clock.refresh();
        if (worker == null) return;
        worker.refreshLimits();
        sayAlive(worker, false);
    }

    private void sayAlive(Worker alive, boolean forTheLastTime) {
        store.writes(tx -> tx.seen(alive.id(), clock.now(), forTheLastTime));
    }

    /** Writes an entry soon; its future says when. Waits while too much is waiting to be written. */
    public void commit(Entry entry) {
        lanes.add(entry);
    }

    /** The time on the database's clock, in epoch milliseconds. */
    public long now() {
        return clock.now();
    }

    /** Keeps the input of a new run at hand for its first tasks. */
    public void remember(RunId run, Json input) {
        cache.put(run, "", 0, input);
    }

    /** Deletes finished runs that ended longer ago than this, in small batches; returns how many. */
    public int prune(Duration olderThan) {
        long before = clock.now() - olderThan.toMillis();
        int pruned = 0;
        while (true) {
            List<RunId> batch = store.write(tx -> tx.prune(before, PRUNE_BATCH));
            batch.forEach(payloads::delete);
            pruned += batch.size();
            if (batch.size() < PRUNE_BATCH) break;
        }
        int trimmed;
        do {
            trimmed = store.write(tx -> tx.trim(before, TRIM_BATCH));
        } while (trimmed >= TRIM_BATCH);
        return pruned;
    }

    @Override
    public void close() {
        try {
            if (worker != null) worker.stop();
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
        lanes.close();
        timer.close();
        try {
            listening.close();
            if (worker != null) sayAlive(worker, true);
            store.ring(); // what was handed back is for others now
        } catch (Exception unavailable) {
            log.debug("Could not say goodbye: {}", unavailable.getMessage());
        }
    }
}
