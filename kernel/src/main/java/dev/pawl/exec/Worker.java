package dev.pawl.exec;

import dev.pawl.core.Failure;
import dev.pawl.core.Outcome;
import dev.pawl.core.Run;
import dev.pawl.core.RunId;
import dev.pawl.core.Task;
import dev.pawl.core.TaskKey;
import dev.pawl.spi.Clock;
import dev.pawl.spi.Program;
import dev.pawl.spi.Store;
import dev.pawl.spi.StoreException;
import dev.pawl.spi.Tx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims tasks and runs them, each on a virtual thread, as many at once as it has slots. Takes over at once what a
 * commit beside it creates. Correct with any number of workers in any number of processes on one database.
 */
final class Worker implements HandOver {

    private static final Logger log = LoggerFactory.getLogger(Worker.class);
    private static final int CLAIM_BATCH = 200;
    private static final Duration ABANDON_AFTER = Duration.ofSeconds(5);

    private final int id;
    private final Store store;
    private final Clock clock;
    private final WorkerSettings settings;
    private final Map<Integer, Program> programs;
    private final TaskRunner runner;
    private final Claimer claimer;
    private final Surroundings around;
    private final Timer timer;
    private final Hands hands;
    private final Set<String> queues;
    private final Bell bell = new Bell();
    private final ConcurrentHashMap<TaskKey, Leased> running = new ConcurrentHashMap<>();
    private final Thread claiming;
    private volatile Set<String> limitedQueues;
    private volatile boolean stopping;
    private volatile boolean claimInDoubt;

    /**
     * @param programs the code at hand, by the number of its stored definition
     * @param around where endings and journals go
     */
    Worker(
            int id,
            Surroundings around,
            WorkerSettings settings,
            Map<Integer, Program> programs,
            TaskRunner runner,
            Timer timer) {
        this.id = id;
        this.around = around;
        this.store = around.store();
        this.clock = around.clock();
        this.settings = settings;
        this.programs = programs;
        this.runner = runner;
        this.timer = timer;
        this.claimer = new Claimer(store, clock, id, programs.keySet(), settings);
        this.hands = new Hands(settings.slots());
        this.queues = Set.copyOf(settings.queues());
        this.limitedQueues = limitedQueues(store);
        this.claiming = Thread.ofPlatform().daemon().name("pawl-claim").unstarted(this::claimUntilStopped);
    }

    void start() {
        claiming.start();
        long tick = Math.max(10, settings.lease().toMillis() / 6);
        var keeper = new LeaseKeeper(store, clock, settings.lease(), running, around.committer());
        timer.every(tick, keeper::keep);
        timer.every(tick, this::stopStalled);
        timer.every(settings.poll().toMillis(), keeper::endLateRuns);
    }

    int id() {
        return id;
    }

    /** Work may be waiting. */
    void ring() {
        bell.ring();
    }

    /** Work will be due at this time. */
    void ringAt(long dueAt) {
        long wait = dueAt - clock.now();
        if (wait <= 0) bell.ring();
        else if (wait < settings.poll().toMillis()) timer.after(wait, bell::ring);
    }

    /** Looks again which queues have limits. */
    void refreshLimits() {
        limitedQueues = limitedQueues(store);
    }

    private static Set<String> limitedQueues(Store store) {
        var limited = new HashSet<String>();
        store.queueLimits().forEach(limit -> limited.add(limit.queue()));
        return limited;
    }

    // ---- claiming -------------------------------------------------------------------------------------------------

    private void claimUntilStopped() {
        while (!stopping) {
            try {
                if (!claimOnce()) bell.await(settings.poll().toMillis());
            } catch (InterruptedException stopped) {
                return;
            } catch (StoreException.OutcomeUnknown unknown) {
                claimInDoubt = true;
            } catch (StoreException unavailable) {
                log.warn("Cannot claim now; trying again. {}", unavailable.getMessage());
                pause();
            } catch (RuntimeException bug) {
                log.error("Pawl bug: claiming failed", bug);
                pause();
            }
        }
    }

    private void pause() {
        try {
            bell.await(settings.poll().toMillis());
        } catch (InterruptedException stopped) {
            stopping = true;
        }
    }

    /** Answers whether another claim at once makes sense. */
    private boolean claimOnce() {
        if (claimInDoubt) {
            var ours = claimer.recover();
            claimInDoubt = false;
            hands.takeForced(ours.size());
            ours.forEach(claim -> start(claim.run(), claim.task()));
        }
        int taken = hands.takeForClaim(CLAIM_BATCH);
        if (taken == 0) return false;
        List<Tx.Claim> claims = List.of();
        try {
            claims = claimer.claim(taken);
        } finally {
            hands.release(taken - claims.size());
        }
        hands.backlog(claims.size() == taken);
        for (Tx.Claim claim : claims) {
            if (claim.lostBy() != null) {
                log.info(
                        "Took over {} from worker {}, whose lease ran out",
                        claim.task().key(),
                        claim.lostBy());
            }
            start(claim.run(), claim.task());
        }
        return claims.size() == taken;
    }

    // ---- hand-over ------------------------------------------------------------------------------------------------

    @Override
    public List<Task> choose(List<Ledger> ledgers, int freed) {
        if (stopping) return List.of();
        long now = clock.now();
        var narrow = new ArrayList<Task>();
        var wide = new ArrayList<Task>();
        for (Ledger ledger : ledgers) {
            if (ledger.status().terminal()) continue;
            var created = ledger.created();
            for (int i = 0; i < created.size(); i++) {
                var task = created.get(i);
                if (!takes(task, now)) continue;
                boolean alone = !isBeside(created, i, i - 1) && !isBeside(created, i, i + 1);
                (alone ? narrow : wide).add(task);
            }
        }
        int count = hands.takeForHandOver(freed, narrow.size(), wide.size());
        var chosen = new ArrayList<Task>(count);
        long until = now + settings.lease().toMillis();
        for (int i = 0; i < count; i++) {
            var task = i < narrow.size() ? narrow.get(i) : wide.get(i - narrow.size());
            chosen.add(task.leased(id, until));
        }
        return chosen;
    }

    /** Whether two neighbours in what was created belong to one fan-out. */
    private static boolean isBeside(List<Task> created, int one, int other) {
        if (other < 0 || other >= created.size()) return false;
        return created.get(one).key().name().equals(created.get(other).key().name());
    }

    private boolean takes(Task task, long now) {
        String queue = task.placement().queue();
        return task.wakeAt() <= now
                && !task.held()
                && queues.contains(queue)
                && !limitedQueues.contains(queue)
                && programs.containsKey(task.definition());
    }

    @Override
    public Set<String> limitedQueues() {
        return limitedQueues;
    }

    @Override
    public void limited(Set<String> found) {
        if (limitedQueues.containsAll(found)) return;
        var all = new HashSet<>(limitedQueues);
        all.addAll(found);
        limitedQueues = all;
    }

    @Override
    public void giveBack(int chosen) {
        hands.release(chosen);
    }

    @Override
    public void accept(List<Accepted> tasks, int freed) {
        hands.release(freed);
        for (Accepted accepted : tasks) start(accepted.run(), accepted.task());
        if (hands.claimable() > 0 && hands.backlog()) bell.ring();
    }

    // ---- running --------------------------------------------------------------------------------------------------

    private void start(Run run, Task task) {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(task.wakeAt() - clock.now());
        var leased = new Leased(run, task, until);
        running.put(task.key(), leased);
        Thread.ofVirtual().name("pawl-task-", 0).start(() -> {
            try {
                run(leased);
            } catch (RuntimeException | Error bug) {
                log.error("Pawl bug: {} was not judged; its lease will run out", task.key(), bug);
                forget(leased);
            }
        });
    }

    private void run(Leased leased) {
        var task = leased.task();
        if (leased.isOver()) {
            log.info("Did not begin {}: its lease ran out before its time had come", task.key());
            forget(leased);
            return;
        }
        var program = program(task);
        var poisoned = runner.poisoned(program, task);
        if (poisoned != null) {
            leased.ended();
            end(leased, program, poisoned, Recorded.NONE, true);
            return;
        }
        var journal = new Recorder(around, task, leased);
        leased.startedBy(Thread.currentThread());
        var timeout = timeout(leased, program);
        Verdict verdict;
        Leased.Stop stop;
        try {
            var result =
                    runner.body(program, leased.run(), task, journal, around).call();
            stop = settle(leased, timeout);
            verdict = switch (stop) {
                case TIMEOUT -> late(program, task);
                case SHUTDOWN -> unlessFailed(runner.judge(program, leased.run(), task, result));
                default -> runner.judge(program, leased.run(), task, result);
            };
        } catch (Throwable thrown) {
            stop = settle(leased, timeout);
            verdict = switch (stop) {
                case TIMEOUT -> unlessUnknown(late(program, task), program, task, thrown);
                case STALLED -> unlessUnknown(runner.stalled(program, task), program, task, thrown);
                case SHUTDOWN -> new Verdict.HandedBack();
                default -> runner.judge(program, task, thrown);
            };
        }
        switch (stop) {
            case LOST -> {
                forget(leased);
                log.info("Dropped the result of {}: its lease is gone", task.key());
            }
            case ABANDONED -> forget(leased);
            default -> end(leased, program, verdict, journal.take(), true);
        }
    }

    private static Leased.Stop settle(Leased leased, @Nullable Future<?> timeout) {
        var stop = leased.ended();
        if (timeout != null) timeout.cancel(false);
        boolean cleared = Thread.interrupted(); // what follows must not be taken for user code
        if (cleared && stop == Leased.Stop.ENDED)
            log.debug("{} interrupted itself", leased.task().key());
        return stop;
    }

    /** What fails when it is interrupted because the worker stops is no fault of its own. */
    private static Verdict unlessFailed(Verdict verdict) {
        boolean failed = verdict instanceof Verdict.Ended(Outcome outcome) && outcome instanceof Outcome.Failed;
        return failed ? new Verdict.HandedBack() : verdict;
    }

    /** While nobody knows whether an outside change happened, nothing fails for good. */
    private Verdict unlessUnknown(Verdict verdict, Program program, Task task, Throwable thrown) {
        boolean unknown = verdict instanceof Verdict.Ended && thrown instanceof Failure.Indeterminate;
        return unknown ? runner.judge(program, task, thrown) : verdict;
    }

    private Verdict late(Program program, Task task) {
        var limit = program.options(task.key().name()).timeout();
        return runner.judge(
                program, task, new Failure.Timeout("It took longer than " + limit + " and was interrupted."));
    }

    private @Nullable Future<?> timeout(Leased leased, Program program) {
        if (leased.task().key().kernels()) return null;
        var limit = program.options(leased.task().key().name()).timeout();
        if (limit == null) return null;
        return timer.cancellable(limit.toMillis(), () -> {
            if (leased.interrupt(Leased.Stop.TIMEOUT)) {
                timer.after(ABANDON_AFTER.toMillis(), () -> abandon(leased, program, late(program, leased.task())));
            }
        });
    }

    /** Stops bodies that give no sign of life, where their program wants one. */
    private void stopStalled() {
        for (Leased leased : running.values()) {
            if (leased.task().key().kernels()) continue;
            var program = program(leased.task());
            var limit =
                    program.options(leased.task().key().name()).supervision().staleAfter();
            if (limit == null || leased.silentNanos() < limit.toNanos()) continue;
            if (!leased.interrupt(Leased.Stop.STALLED)) continue;
            timer.after(
                    ABANDON_AFTER.toMillis(), () -> abandon(leased, program, runner.stalled(program, leased.task())));
        }
    }

    /** User code swallowed its interruption. The attempt is over; the slot stays taken until the code really ends. */
    private void abandon(Leased leased, Program program, Verdict verdict) {
        if (running.get(leased.task().key()) != leased || !leased.abandon()) return;
        log.warn(
                "{} ignores its interruption; its thread goes on in vain",
                leased.task().key());
        var ending = new Entry.Ending(program, leased.task(), verdict, Recorded.NONE, false, new CompletableFuture<>());
        Thread.ofVirtual().start(() -> around.committer().commit(ending));
    }

    private void end(Leased leased, Program program, Verdict verdict, Recorded recorded, boolean freesHand) {
        var done = new CompletableFuture<Boolean>();
        // Until its end is written its lease is kept: others must not do again what only waits to be committed.
        var unused = done.whenComplete(
                (written, failed) -> running.remove(leased.task().key(), leased));
        try {
            around.committer().commit(new Entry.Ending(program, leased.task(), verdict, recorded, freesHand, done));
        } catch (IllegalStateException closed) {
            done.complete(false);
            log.info(
                    "{} ended after this Pawl was closed; another worker will do it again",
                    leased.task().key());
        }
    }

    private void forget(Leased leased) {
        running.remove(leased.task().key(), leased);
        hands.release(1);
        bell.ring();
    }

    private Program program(Task task) {
        var program = programs.get(task.definition());
        if (program == null) throw new IllegalStateException("Claimed " + task.key() + " without code for it");
        return program;
    }

    /** These tasks were cancelled, wherever they run. */
    void cancelled(List<TaskKey> tasks) {
        for (TaskKey task : tasks) {
            var leased = running.get(task);
            if (leased != null) leased.interrupt(Leased.Stop.LOST);
        }
    }

    /** These runs are held: nothing new should begin in them. */
    void held(Set<RunId> runs) {
        for (Leased leased : running.values()) {
            if (runs.contains(leased.task().key().run())) leased.hold();
        }
    }

    // ---- stopping -------------------------------------------------------------------------------------------------

    /** Stops claiming, lets running tasks finish for the grace time, then hands the rest back unspent. */
    void stop() throws InterruptedException {
        stopping = true;
        hands.close();
        bell.ring();
        claiming.join();
        long end = System.nanoTime() + settings.grace().toNanos();
        while (!hands.idle() && System.nanoTime() < end) TimeUnit.MILLISECONDS.sleep(5);
        running.values().forEach(leased -> leased.interrupt(Leased.Stop.SHUTDOWN));
        end = System.nanoTime() + ABANDON_AFTER.toNanos();
        while (!hands.idle() && System.nanoTime() < end) TimeUnit.MILLISECONDS.sleep(5);
        for (Leased leased : running.values()) {
            if (leased.ends()) continue;
            log.warn(
                    "{} does not stop; its lease will run out and another worker take it",
                    leased.task().key());
        }
    }
}
